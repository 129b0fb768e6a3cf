using Pbt.Cli.Telemetry;
using Pbt.Core.Studies;

namespace Pbt.Cli.Tests.Commands;

public sealed class TelemetrySettingsTests
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, false, "OTEL_SERVICE_NAME=x", "OTEL_TRACES_EXPORTER=otlp")]
    [InlineData(false, false, Endpoint + "= ")]
    [InlineData(true, true, Endpoint + "=http://localhost:4317")]
    [InlineData(true, true, Endpoint + "=https://collector/otlp", "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", "OTEL_METRICS_EXPORTER=otlp")]
    [InlineData(true, false, Endpoint + "=http://localhost:4317", "OTEL_METRICS_EXPORTER=none")]
    [InlineData(false, true, Endpoint + "=http://localhost:4317", "OTEL_TRACES_EXPORTER=jaeger")]
    [InlineData(false, false, Endpoint + "=http://localhost:4317", "OTEL_SDK_DISABLED=True")]
    public void The_standard_variables_say_what_is_exported(bool traces, bool metrics, params string[] variables) =>
        Assert.Equal(new TelemetrySettings(traces, metrics), Read(variables));

    [Theory]
    [InlineData("localhost:4317")]
    [InlineData("collector")]
    [InlineData("unix:///run/otel.sock")]
    public void An_endpoint_that_is_no_address_is_refused(string endpoint) =>
        Assert.Contains(Endpoint, Assert.Throws<InvalidRequestException>(() => Read($"{Endpoint}={endpoint}")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_protocol_that_is_not_spoken_is_refused() =>
        Assert.Throws<InvalidRequestException>(static () => Read(Endpoint + "=http://localhost:4317", "OTEL_EXPORTER_OTLP_PROTOCOL=http/json"));

    private static TelemetrySettings Read(params string[] variables) =>
        TelemetrySettings.Read(variables.Select(static v => v.Split('=', 2)).ToDictionary(static v => v[0], static v => v[1], StringComparer.Ordinal));
}
