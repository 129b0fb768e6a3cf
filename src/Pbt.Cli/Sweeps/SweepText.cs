using System.Collections.Immutable;
using System.Globalization;
using Pbt.Cli.Output;
using Pbt.Runtime.Resources;

namespace Pbt.Cli.Sweeps;

/// <summary>A sweep as plain text.</summary>
internal static class SweepText
{
    /// <summary>Writes what would be run: a line for each run.</summary>
    public static void WritePreview(TextWriter output, SweepPlan plan, IReadOnlyList<StandingRun> standing, IReadOnlyList<MachineShare> shares, int atOnce, int width)
    {
        output.WriteLine($"{plan.Sweep.Name}: {Words.Count(plan.Runs.Length, "run")} of {Words.Count(plan.Studies.Length, "study", "studies")} in {plan.Directory}");
        output.WriteLine();
        var table = new TextTable(new Column("directory"), new("seed", IsNumber: true), new("members", IsNumber: true), new("intervals", IsNumber: true), new("state"), new("values"));
        foreach (var (run, state) in standing)
        {
            table.Add(
                run.Name,
                run.Seed.ToString(CultureInfo.InvariantCulture),
                run.Spec.Population.ToString(CultureInfo.InvariantCulture),
                run.Spec.Budget.Intervals?.ToString(CultureInfo.InvariantCulture) ?? "-",
                state is RunState.Begun begun ? $"{begun.Word}, {begun.Progress}" : state.Word,
                string.Join("  ", run.Study.Settings.Select(static s => $"{s.Key}={Words.OneLine(s.Value)}")));
        }

        table.WriteTo(output, short.MaxValue);
        output.WriteLine();
        WriteWrapped(output, Sharing(shares, atOnce, standing.Count(static s => s.IsOutstanding)), width);
        foreach (var note in Strangers(plan))
            WriteWrapped(output, note, width);
    }

    /// <summary>Writes the comparisons, what is in none of them, and the best.</summary>
    public static void WriteReport(TextWriter output, SweepReport report, int width)
    {
        foreach (var comparison in report.Comparisons)
        {
            ComparisonText.Write(output, comparison, width);
            output.WriteLine();
        }

        foreach (var sentence in report.Left)
            WriteWrapped(output, sentence, width);

        foreach (var (study, run, directory) in report.Best)
        {
            WriteWrapped(output, $"best study: {study.Study.Name} (by interquartile mean)", width);
            WriteWrapped(output, string.Create(CultureInfo.InvariantCulture, $"its best run: seed {run.Seed}; `pbt best {directory}` shows its checkpoint and schedule"), width);
        }
    }

    /// <summary>How many runs go on at a time, and what each may use.</summary>
    public static string Sharing(IReadOnlyList<MachineShare> shares, int atOnce, int runs)
    {
        var fewer = shares.Count < Math.Min(atOnce, runs) ? string.Create(CultureInfo.InvariantCulture, $", not {Math.Min(atOnce, runs)}: this machine carries no more") : string.Empty;
        if (shares.Count == 0)
            return "nothing to run.";

        if (shares.Count == 1)
            return $"one run at a time{fewer}.";

        List<string> parts = [.. shares.Select(Part).Where(static p => p.Length > 0).Distinct(StringComparer.Ordinal)];
        var each = parts.Count switch
        {
            0 => string.Empty,
            1 => $", each with {parts[0]}",
            _ => $", with {string.Join(" and ", parts)}",
        };
        return $"{Words.Count(shares.Count, "run")} at a time{fewer}{each}.";
    }

    /// <summary>What is in the directory and not of the sweep; sentences.</summary>
    public static IEnumerable<string> Strangers(SweepPlan plan) => plan.Strangers.IsEmpty
        ? []
        : [$"{string.Join(", ", plan.Strangers)} {(plan.Strangers.Length == 1 ? "is" : "are")} in {plan.Directory} and of no study that the sweep names (any more); left as {(plan.Strangers.Length == 1 ? "it is" : "they are")}."];

    /// <summary>Says each run that did not come to its end, with its reason and log.</summary>
    public static void WriteFailures(TextWriter error, ImmutableArray<StandingRun> standing)
    {
        foreach (var (run, state) in standing)
        {
            if (state is RunState.Failed failed)
                error.WriteLine(Words.Harmless($"pbt: {run.Name} failed: {failed.Reason} (log: {run.LogPath})"));
            else if (state is RunState.Stopped)
                error.WriteLine($"pbt: {run.Name} was stopped; `pbt resume {run.Place.Root}` reopens it, then run the sweep again");
        }
    }

    private static string Part(MachineShare share) => (share.Gpus, share.Slots) switch
    {
        ({ Count: > 0 } gpus, _) => $"GPU {string.Join(',', gpus)}",
        (_, { } slots) => Words.Count(slots, "slot"),
        _ => string.Empty,
    };

    private static void WriteWrapped(TextWriter output, string text, int width)
    {
        foreach (var line in TextTable.Wrap(Words.OneLine(text), width))
            output.WriteLine(line);
    }
}
