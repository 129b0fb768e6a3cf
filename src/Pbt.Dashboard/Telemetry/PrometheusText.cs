using System.Globalization;
using System.Text;

namespace Pbt.Dashboard.Telemetry;

/// <summary>Writes samples in Prometheus's text format, version 0.0.4.</summary>
/// <remarks>Pure. Source: prometheus.io/docs/instrumenting/exposition_formats.</remarks>
internal static class PrometheusText
{
    /// <summary>What a reader is told that it gets.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>The text: all samples of a metric together, metrics and samples otherwise in the order given.</summary>
    public static string Write(IEnumerable<Sample> samples)
    {
        var text = new StringBuilder();
        foreach (var family in samples.GroupBy(static sample => sample.Metric))
        {
            text.Append("# HELP ").Append(family.Key.Name).Append(' ').Append(Escaped(family.Key.Help, isQuoted: false)).Append('\n');
            text.Append("# TYPE ").Append(family.Key.Name).Append(' ').Append(family.Key.Kind == MetricKind.Counter ? "counter" : "gauge").Append('\n');
            foreach (var sample in family)
                Append(text, sample);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, Sample sample)
    {
        text.Append(sample.Metric.Name);
        for (var i = 0; i < sample.Labels.Count; i++)
        {
            var (name, value) = sample.Labels[i];
            text.Append(i == 0 ? '{' : ',').Append(name).Append("=\"").Append(Escaped(value, isQuoted: true)).Append('"');
        }

        text.Append(sample.Labels.Count > 0 ? "} " : " ").Append(Number(sample.Value)).Append('\n');
    }

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static string Escaped(string value, bool isQuoted)
    {
        var escaped = value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return isQuoted ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }
}
