using Pbt.Harness;

namespace Pbt.Dashboard.Tests.Telemetry;

/// <summary>A test that needs the page, and the parser of Prometheus's Python client.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MetricsFactAttribute : FactAttribute
{
    public MetricsFactAttribute() => Skip = PageFactAttribute.Missing ?? (SystemPython.WhyNot("prometheus_client") is null
        ? null
        : "the system's Python has no parser of Prometheus's format: apt-get install python3-prometheus-client");
}
