using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Pbt.Runtime.Telemetry;

namespace Pbt.Cli.Telemetry;

/// <summary>What sends metrics and spans to a collector, in the background. The only class that uses OpenTelemetry's packages.</summary>
internal sealed class OtlpExporters : IDisposable
{
    private const int FarewellMilliseconds = 2000;

    private readonly TracerProvider? _traces;
    private readonly MeterProvider? _metrics;

    /// <summary>Begins; the exporters read for themselves how they are to send.</summary>
    public OtlpExporters(TelemetrySettings settings)
    {
        // What the environment says comes last, and so wins.
        var resource = ResourceBuilder.CreateEmpty().AddService("pbt", serviceVersion: PbtVersion.Text).AddTelemetrySdk().AddEnvironmentVariableDetector();
        if (settings.Traces)
            _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(StudyTelemetry.Name).AddOtlpExporter().Build();

        if (settings.Metrics)
            _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(StudyTelemetry.Name).AddOtlpExporter().Build();
    }

    /// <summary>Sends what is left, for a moment.</summary>
    public void Dispose()
    {
        _traces?.Shutdown(FarewellMilliseconds);
        _metrics?.Shutdown(FarewellMilliseconds);
        _traces?.Dispose();
        _metrics?.Dispose();
    }
}
