using Pbt.Core.Studies;

namespace Pbt.Cli.Telemetry;

/// <summary>What OpenTelemetry's standard environment variables ask for.</summary>
/// <param name="Traces">Whether spans are exported.</param>
/// <param name="Metrics">Whether metrics are exported.</param>
internal sealed record TelemetrySettings(bool Traces, bool Metrics)
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";

    /// <summary>Reads the variables; the exporter reads those itself that say how.</summary>
    /// <exception cref="InvalidRequestException">One makes no sense.</exception>
    public static TelemetrySettings Read(IReadOnlyDictionary<string, string> environment)
    {
        var endpoint = Of(environment, Endpoint);
        if (endpoint.Length == 0 || Of(environment, "OTEL_SDK_DISABLED").Equals("true", StringComparison.OrdinalIgnoreCase))
            return new(Traces: false, Metrics: false);

        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new InvalidRequestException($"{Endpoint} is no address of a collector: write one such as http://localhost:4317, or unset it");

        if (Of(environment, Protocol) is not ("" or "grpc" or "http/protobuf"))
            throw new InvalidRequestException($"{Protocol} is to be grpc (the default) or http/protobuf");

        return new(IsOtlp(environment, "OTEL_TRACES_EXPORTER"), IsOtlp(environment, "OTEL_METRICS_EXPORTER"));
    }

    private static bool IsOtlp(IReadOnlyDictionary<string, string> environment, string variable) => Of(environment, variable) is "" or "otlp";

    private static string Of(IReadOnlyDictionary<string, string> environment, string variable) => environment.GetValueOrDefault(variable, string.Empty).Trim();
}
