using System.Globalization;
using System.Text;
using Pbt.Core.Population;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;
using Pbt.Core.Studies.Reading;

namespace Pbt.Core.Wording;

/// <summary>Numbers, times and names as people read them.</summary>
public static class Words
{
    private static readonly string[] ByteUnits = ["kB", "MB", "GB", "TB"];

    /// <summary>The score of an interval, and in brackets the smoothed one if there is one.</summary>
    public static string Score(IntervalRecord? record) =>
        record?.Smoothed is { } smoothed ? $"{Score(record.Score)} ({Score(smoothed)})" : Score(record?.Score);

    /// <summary>A score to six digits, or <c>-</c>.</summary>
    public static string Score(double? score) => score is { } known ? Number(known, "G6") : "-";

    /// <summary>How many members a study has: <c>8 members</c>, <c>8 members, the best of 24 candidates</c>.</summary>
    public static string Members(StudySpec spec) => spec.FirstMembers == spec.Population
        ? Count(spec.Population, "member")
        : $"{Count(spec.Population, "member")}, the best of {Count(spec.FirstMembers, "candidate")}";

    /// <summary>A hyperparameter's value, a float to four digits.</summary>
    public static string Value(HyperparameterValue value) =>
        value.Kind == HyperparameterValueKind.Float ? Number(value.Number, "G4") : OneLine(value.ToString());

    /// <summary>Name and value of each: <c>learning_rate=0.001 epochs=4</c>.</summary>
    public static string Values(Hyperparameters hyperparameters) =>
        string.Join(' ', hyperparameters.Select(static h => $"{h.Key}={Value(h.Value)}"));

    /// <summary>What differs between two sets: <c>learning_rate 0.0003 → 0.00036</c>; empty if nothing does.</summary>
    public static string Changes(Hyperparameters before, Hyperparameters after)
    {
        var changes = new List<string>();
        foreach (var (name, value) in after)
        {
            if (!before.TryGet(name, out var old))
                changes.Add($"{name} {Value(value)}");
            else if (old != value)
                changes.Add(Change(name, old, value));
        }

        return string.Join(", ", changes);
    }

    /// <summary>A member's name, or <c>-</c>.</summary>
    public static string Member(MemberId? member) => member?.ToString() ?? "-";

    /// <summary>A word of an enum as the JSON and the tables have it.</summary>
    public static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    /// <summary>A count with its noun: <c>1 member</c>, <c>3 members</c>.</summary>
    public static string Count(long count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? string.Empty : "s")}");

    /// <summary>A count with its noun, whose plural is no plain one.</summary>
    public static string Count(long count, string noun, string plural) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? noun : plural)}");

    /// <summary>A count with thousands set apart.</summary>
    public static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A time span: <c>45s</c>, <c>12m 03s</c>, <c>3h 05m</c>, <c>2d 04h</c>.</summary>
    public static string Duration(TimeSpan span)
    {
        var whole = TimeSpan.FromSeconds(Math.Round(Math.Max(0, span.TotalSeconds)));
        return whole switch
        {
            { TotalMinutes: < 1 } => $"{whole.Seconds}s",
            { TotalHours: < 1 } => $"{whole.Minutes}m {whole.Seconds:D2}s",
            { TotalDays: < 1 } => $"{whole.Hours}h {whole.Minutes:D2}m",
            _ => $"{whole.Days}d {whole.Hours:D2}h",
        };
    }

    /// <summary>A time span as a spec writes it, exactly: <c>30s</c>, <c>1h30m</c>, <c>500ms</c>.</summary>
    public static string Exactly(TimeSpan span) => SpecDuration.Text(span);

    /// <summary>A length of training: short ones to a tenth of a second.</summary>
    public static string Seconds(double seconds) =>
        seconds < 60 ? Number(seconds, "0.0") + "s" : Duration(TimeSpan.FromSeconds(Math.Min(seconds, 1e9)));

    /// <summary>A number of bytes: <c>812 B</c>, <c>3.4 MB</c>.</summary>
    public static string Bytes(long bytes)
    {
        if (bytes < 1000)
            return $"{bytes} B";

        var size = bytes / 1000.0;
        var unit = 0;
        for (; size >= 999.95 && unit < ByteUnits.Length - 1; unit++)
            size /= 1000;

        return $"{Number(size, "0.0")} {ByteUnits[unit]}";
    }

    /// <summary>How and why a study has ended: <c>completed: every member completed 40 intervals</c>.</summary>
    public static string Ending(StudyState state) => $"{Lower(state.Phase)}: {OneLine(state.EndReason ?? "no reason given")}";

    /// <summary>A fork in words: <c>cartpole-at-20 after interval 20, in /studies/fork</c>.</summary>
    public static string Fork(StudyForked fork) => $"{OneLine(fork.Study)} after interval {fork.Interval}, in {OneLine(fork.Directory)}";

    /// <summary>The text with what would break a line or steer a terminal made a space.</summary>
    public static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            var plain = IsControl(character) || char.IsWhiteSpace(character) ? ' ' : character;
            if (plain != ' ' || (line.Length > 0 && line[^1] != ' '))
                line.Append(plain);
        }

        return line.ToString().TrimEnd();
    }

    /// <summary>The text with what would steer a terminal left out, its line breaks kept.</summary>
    public static string Harmless(string text) =>
        string.Concat(text.Where(static c => !IsControl(c) || c is '\n' or '\t'));

    /// <summary>The text cut to a width, its end shown as <c>…</c>.</summary>
    public static string Fit(string text, int width) =>
        text.Length <= width ? text : width <= 1 ? text[..Math.Max(0, width)] : text[..(width - 1)].TrimEnd() + "…";

    // The second kind turns the direction of what follows, also behind the text's end.
    private static bool IsControl(char c) =>
        char.IsControl(c) || c is '\u061c' or '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');

    private static string Change(string name, HyperparameterValue before, HyperparameterValue after)
    {
        var (old, now) = (Value(before), Value(after));
        return string.Equals(old, now, StringComparison.Ordinal) ? $"{name} {before} → {after}" : $"{name} {old} → {now}";
    }

    private static string Number(double number, string format)
    {
        var text = number.ToString(format, CultureInfo.InvariantCulture);
        return text.Contains('E') ? text.Replace("E-0", "e-", StringComparison.Ordinal).Replace("E+0", "e+", StringComparison.Ordinal).Replace('E', 'e') : text;
    }
}
