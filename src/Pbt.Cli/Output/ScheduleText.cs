using System.Collections.Immutable;
using System.Globalization;
using Pbt.Core.Population;
using Pbt.Core.SearchSpaces;

namespace Pbt.Cli.Output;

/// <summary>A hyperparameter schedule as a table for people.</summary>
internal static class ScheduleText
{
    /// <summary>Writes a row for each stretch: a column for each hyperparameter where they fit, else all in one.</summary>
    public static void Write(TextWriter output, ImmutableArray<ScheduleStretch> schedule, int width)
    {
        var wide = Wide(schedule).Lines(width).ToList();
        if (wide.Exists(line => line.Length > width))
            Narrow(schedule).WriteTo(output, width);
        else
            wide.ForEach(output.WriteLine);
    }

    private static TextTable Wide(ImmutableArray<ScheduleStretch> schedule)
    {
        var table = new TextTable([.. Leading, .. schedule[0].Hyperparameters.Select(static h =>
            new Column(h.Key, IsNumber: h.Value.Kind is HyperparameterValueKind.Float or HyperparameterValueKind.Int))]);
        foreach (var stretch in schedule)
            table.Add([.. Lead(stretch), .. stretch.Hyperparameters.Select(static h => Words.Value(h.Value))]);

        return table;
    }

    private static TextTable Narrow(ImmutableArray<ScheduleStretch> schedule)
    {
        var table = new TextTable([.. Leading, new Column("hyperparameters")]);
        ScheduleStretch? before = null;
        foreach (var stretch in schedule)
        {
            table.Add([.. Lead(stretch), before is null ? Words.Values(stretch.Hyperparameters) : Changed(before, stretch)]);
            before = stretch;
        }

        return table;
    }

    private static ImmutableArray<Column> Leading =>
        [new("from step", IsNumber: true), new("steps", IsNumber: true), new("member"), new("intervals")];

    private static string[] Lead(ScheduleStretch stretch) =>
    [
        stretch.FirstStep.ToString(CultureInfo.InvariantCulture),
        stretch.Steps.ToString(CultureInfo.InvariantCulture),
        stretch.Member.ToString(),
        stretch.FirstInterval == stretch.LastInterval ? $"{stretch.FirstInterval}" : $"{stretch.FirstInterval}-{stretch.LastInterval}",
    ];

    private static string Changed(ScheduleStretch before, ScheduleStretch after)
    {
        var changed = BriefValues.Changed(before.Hyperparameters, after.Hyperparameters);
        var text = string.Join(' ', changed.Select(static h => $"{h.Key}={Words.Value(h.Value)}"));
        return text.Length == 0 ? "(the same)" : text;
    }
}
