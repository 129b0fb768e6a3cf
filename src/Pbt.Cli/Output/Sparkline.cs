using Pbt.Core.Population;

namespace Pbt.Cli.Output;

/// <summary>A member's last scores as a row of bars.</summary>
internal static class Sparkline
{
    private const string Bars = "▁▂▃▄▅▆▇█";

    /// <summary>One bar an interval, the latest last, between the lowest and the highest shown; <c>×</c> is a failed interval.</summary>
    public static string Of(MemberState member, int width)
    {
        var shown = member.History.Skip(Math.Max(0, member.History.Count - width)).Select(static r => r.Score).ToArray();
        var lowest = shown.Min() ?? 0;
        var range = (shown.Max() ?? 0) - lowest;
        return string.Concat(shown.Select(score => score is { } known ? Bar(known - lowest, range) : '×'));
    }

    private static char Bar(double above, double range)
    {
        var part = range <= 0 ? 0.5 : double.IsFinite(range) ? above / range : 0.5;
        return Bars[Math.Clamp((int)(part * Bars.Length), 0, Bars.Length - 1)];
    }
}
