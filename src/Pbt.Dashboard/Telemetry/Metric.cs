namespace Pbt.Dashboard.Telemetry;

/// <summary>How a metric moves.</summary>
internal enum MetricKind
{
    /// <summary>It only grows, unless the study's log was cut.</summary>
    Counter,

    /// <summary>It goes up and down.</summary>
    Gauge,
}

/// <summary>Something that is measured of studies or members.</summary>
/// <param name="Name">By Prometheus's conventions: with the unit, and <c>_total</c> at the end of a counter.</param>
/// <param name="Kind">How it moves.</param>
/// <param name="Help">What it is, as a sentence.</param>
internal sealed record Metric(string Name, MetricKind Kind, string Help);

/// <summary>A value of a metric.</summary>
/// <param name="Metric">Of what.</param>
/// <param name="Labels">What it is the value of: names and values.</param>
/// <param name="Value">The value.</param>
internal readonly record struct Sample(Metric Metric, IReadOnlyList<KeyValuePair<string, string>> Labels, double Value);
