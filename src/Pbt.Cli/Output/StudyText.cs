using System.Globalization;
using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Runtime;

namespace Pbt.Cli.Output;

/// <summary>What <c>pbt status</c> and <c>pbt best</c> print for people.</summary>
internal static class StudyText
{
    private const int MostWorkers = 4;
    private const int Indent = 11;
    private const int LongestReason = 300;
    private const int MostDamaged = 10;

    /// <summary>A best interval in words: <c>m3 at interval 14, score 0.92</c>.</summary>
    public static string Best(BestInterval best) => $"{best.Member} at interval {best.Record.Interval}, score {Words.Score(best.Record.Score)}{Smoothed(best.Record)}";

    private static string Smoothed(IntervalRecord record) => record.Smoothed is { } smoothed ? $" (smoothed {Words.Score(smoothed)})" : string.Empty;

    /// <summary>Writes the study's state.</summary>
    public static void WriteStatus(TextWriter output, OpenStudy study, StudyState state, DateTimeOffset now, int width)
    {
        var spec = state.Spec;
        var progress = StudyProgress.Of(state, now);
        Field(output, "study", $"{spec.Name}, {Words.Lower(spec.Mode)}, {Words.Members(spec)}, {Words.Lower(spec.Objective.Goal)} {Words.OneLine(spec.Objective.Metric)}", width);
        if (Ancestry.Parent(spec) is { } parent)
            Field(output, "from", parent, width);

        Field(output, "state", Words.Lower(state.Phase) + (state.EndReason is { } reason ? $": {Words.OneLine(reason)}" : string.Empty), width);
        Field(output, "intervals", Intervals(state, progress), width);
        var left = progress.Left is { } known ? $", about {Words.Duration(known)} left" : string.Empty;
        Field(output, "training", $"{Words.Count(state.TotalSteps)} steps in {Words.Duration(progress.Active)}{left}", width);
        Field(output, "workers", Workers(state), width);
        if (state.Best is { } best)
            WriteBest(output, study, best, width);
        else
            Field(output, "best", state.CompletedIntervals == 0 ? "nothing has completed yet" : "no checkpoint of the best is left", width);

        Ancestry.WriteForks(output, state, member: null, width);
        output.WriteLine();
        WriteSubPopulations(output, spec, width);
        Members(state).WriteTo(output, width);
        WriteFailures(output, state, width);
        WriteDamage(output, state, width);
    }

    /// <summary>Writes the best interval, its hyperparameters and where its checkpoint is.</summary>
    public static void WriteBest(TextWriter output, OpenStudy study, BestInterval best, int width)
    {
        Field(output, "best", Best(best), width);
        Field(output, string.Empty, Words.Values(best.Record.Hyperparameters), width);
        if (best.Record.Checkpoint is { } checkpoint)
            output.WriteLine(new string(' ', Indent) + study.Checkpoints.Locate(checkpoint));
    }

    /// <summary>Writes a name and its text, the text wrapped in its own column.</summary>
    public static void Field(TextWriter output, string name, string text, int width)
    {
        var lead = name.PadRight(Indent);
        foreach (var line in TextTable.Wrap(text, Math.Max(20, width - Indent)))
        {
            output.WriteLine((lead + line).TrimEnd());
            lead = new string(' ', Indent);
        }
    }

    /// <summary>How many intervals have ended, failed, and are running.</summary>
    public static string Intervals(StudyState state, StudyProgress progress)
    {
        var text = $"{state.CompletedIntervals} completed, {state.FailedIntervals} failed, {state.Attempts.Count} running";
        if (progress.Budget is { } budget)
            text += $", of {budget}";

        return progress.Fraction is { } fraction ? text + string.Create(CultureInfo.InvariantCulture, $" ({fraction * 100:0}%)") : text;
    }

    /// <summary>The member's intervals against its budget: <c>14/40</c>.</summary>
    public static string IntervalOf(MemberState member, StudyState state) =>
        state.Spec.Budget.Intervals is { } each ? $"{member.Intervals}/{each}" : member.Intervals.ToString(CultureInfo.InvariantCulture);

    private static void WriteFailures(TextWriter output, StudyState state, int width)
    {
        var failing = state.Members.Where(static m => m.Failures.Total > 0).ToList();
        if (failing.Count > 0)
            output.WriteLine();

        foreach (var member in failing)
        {
            var what = member.LastIntervalFailed ? $"interval {member.Intervals} failed" : $"{Words.Count(member.Failures.Total, "attempt")} of interval {member.Intervals + 1} failed";
            Field(output, member.Id.ToString(), $"{what}: {Words.Fit(Words.OneLine(member.LastFailure ?? "no reason given"), LongestReason)}", width);
        }
    }

    /// <summary>Writes which checkpoints were found damaged, and who is still to start from one.</summary>
    private static void WriteDamage(TextWriter output, StudyState state, int width)
    {
        if (state.DamagedCheckpoints.Count > 0)
            output.WriteLine();

        foreach (var (checkpoint, reason) in state.DamagedCheckpoints.OrderBy(static d => d.Key.Attempt).TakeLast(MostDamaged))
        {
            var waiting = state.Members.Where(m => m.Start == checkpoint).Select(static m => m.Id).ToList();
            var next = waiting.Count == 0 ? string.Empty : $"; {string.Join(", ", waiting)} will go on from something else";
            Field(output, "damaged", $"{checkpoint}: {Words.Fit(Words.OneLine(reason), LongestReason)}{next}", width);
        }
    }

    private static string Workers(StudyState state)
    {
        if (state.Workers.Count == 0)
            return "none";

        var known = state.Workers.Take(MostWorkers).Select(static w =>
            $"{Words.OneLine(w.Id.Value)} ({Words.Count(w.Slots, "slot")}{(StatusJson.IsAlive(w) ? string.Empty : ", its process is gone")})");
        var more = state.Workers.Count > MostWorkers ? $" and {state.Workers.Count - MostWorkers} more" : string.Empty;
        return string.Join(", ", known) + more;
    }

    /// <summary>Writes who is in which sub-population, if the exploit makes such.</summary>
    private static void WriteSubPopulations(TextWriter output, StudySpec spec, int width)
    {
        var groups = SubPopulations.Of(spec);
        foreach (var group in groups)
            Field(output, group.Name, group.Count == 1 ? $"m{group.First}" : $"m{group.First} … m{group.First + group.Count - 1}", width);

        if (groups.Length > 0)
            output.WriteLine();
    }

    private static TextTable Members(StudyState state)
    {
        var smooths = state.Spec.Objective.Smoothing is not Core.Studies.NoSmoothing;
        var table = new TextTable(
            new Column("member"), new Column("state"), new Column("interval", IsNumber: true), new Column(smooths ? "score (smoothed)" : "score", IsNumber: true), new Column("donor"), new Column("hyperparameters"));
        foreach (var member in state.Members)
        {
            table.Add(
                room => BriefValues.Of(member.Hyperparameters, room),
                member.Id.ToString(), Words.Lower(member.Phase), IntervalOf(member, state), Words.Score(member.Latest),
                Words.Member(member.LastDonor));
        }

        return table;
    }
}
