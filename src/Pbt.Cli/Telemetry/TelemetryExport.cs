using Pbt.Runtime;
using Pbt.Runtime.Processes;
using Pbt.Runtime.Telemetry;

namespace Pbt.Cli.Telemetry;

/// <summary>Sends what a worker does to a collector over OTLP, if OpenTelemetry's environment variables ask for it.</summary>
/// <remarks>
/// In the background: a collector that is away costs what could not be sent, and at the end a few seconds. Disposing of it sends the
/// rest. Where no variable asks for it, nothing of OpenTelemetry is loaded.
/// </remarks>
internal sealed class TelemetryExport : IDisposable
{
    private readonly StudyTelemetry _telemetry = new();
    private readonly OtlpExporters _exporters;

    private TelemetryExport(TelemetrySettings settings) => _exporters = new(settings);

    /// <summary>Begins, if this process's environment asks for it; else null.</summary>
    /// <exception cref="Core.Studies.InvalidRequestException">The variables make no sense.</exception>
    public static TelemetryExport? Start()
    {
        var settings = TelemetrySettings.Read(InheritedEnvironment.Read());
        return settings.Traces || settings.Metrics ? new TelemetryExport(settings) : null;
    }

    /// <summary>The study, measured.</summary>
    public OpenStudy Measure(OpenStudy study, TimeProvider time) => study with { Store = new MeasuredStore(study.Store, _telemetry, time) };

    /// <inheritdoc/>
    public void Dispose()
    {
        _exporters.Dispose();
        _telemetry.Dispose();
    }
}
