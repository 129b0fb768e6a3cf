using System.Globalization;
using System.Text;

namespace Pbt.Core.Studies.Reading;

/// <summary>Durations as the spec writes them: <c>1h30m</c>, <c>500ms</c>, or a bare number of seconds.</summary>
internal static class SpecDuration
{
    /// <summary>How to mend a duration that is none.</summary>
    public const string Examples = "write it as 90s, 30m, 1h30m, 2d, 500ms or a number of seconds";

    // From the longest: each may occur once, in this order.
    private static readonly (string Unit, long Ticks)[] Units =
    [
        ("d", TimeSpan.TicksPerDay),
        ("h", TimeSpan.TicksPerHour),
        ("m", TimeSpan.TicksPerMinute),
        ("s", TimeSpan.TicksPerSecond),
        ("ms", TimeSpan.TicksPerMillisecond),
    ];

    /// <summary>Reads a duration of at least 0, or returns null.</summary>
    public static TimeSpan? Parse(string text)
    {
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var seconds))
            return FromTicks(seconds, TimeSpan.TicksPerSecond);

        var total = TimeSpan.Zero;
        var unit = -1;
        for (var at = 0; at < text.Length;)
        {
            var start = at;
            while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '.'))
                at++;
            var number = text.AsSpan(start, at - start);
            start = at;
            while (at < text.Length && char.IsAsciiLetter(text[at]))
                at++;

            var name = text[start..at];
            var next = Array.FindIndex(Units, u => string.Equals(u.Unit, name, StringComparison.Ordinal));
            if (next <= unit || !decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count))
                return null;

            if (FromTicks(count, Units[next].Ticks) is not { } part || part > TimeSpan.MaxValue - total)
                return null;

            total += part;
            unit = next;
        }

        return unit < 0 ? null : total;
    }

    /// <summary>Writes a duration of at least 0 so that it reads back exactly.</summary>
    public static string Text(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
            return "0s";

        if (duration.Ticks % TimeSpan.TicksPerMillisecond != 0)
            return ((decimal)duration.Ticks / TimeSpan.TicksPerSecond).ToString(CultureInfo.InvariantCulture) + "s";

        var text = new StringBuilder();
        var rest = duration.Ticks;
        foreach (var (unit, ticks) in Units)
        {
            if (rest / ticks > 0)
                text.Append(CultureInfo.InvariantCulture, $"{rest / ticks}{unit}");
            rest %= ticks;
        }

        return text.ToString();
    }

    private static TimeSpan? FromTicks(decimal count, long ticks) =>
        count < 0 || count > (decimal)TimeSpan.MaxValue.Ticks / ticks ? null : TimeSpan.FromTicks((long)decimal.Round(count * ticks));
}
