using System.Collections.Immutable;
using System.Globalization;
using Pbt.Cli.Comparisons;
using Pbt.Cli.Output;
using Pbt.Core.Comparisons;
using Pbt.Core.Statistics;
using Pbt.Core.Sweeps;

namespace Pbt.Cli.Sweeps;

/// <summary>What came of a sweep so far.</summary>
/// <param name="Plan">The sweep.</param>
/// <param name="Standing">Its runs.</param>
/// <param name="Comparisons">A comparison for each objective, of the studies all of whose runs are complete.</param>
/// <param name="Left">Why other studies are in no comparison; sentences.</param>
internal sealed record SweepReport(SweepPlan Plan, ImmutableArray<StandingRun> Standing, ImmutableArray<ComparisonReport> Comparisons, ImmutableArray<string> Left)
{
    /// <summary>The best study of each comparison, by its interquartile mean, and the best of its runs.</summary>
    public IEnumerable<(ComparedStudy Study, RunOutcome Run, string Directory)> Best => Comparisons.Select(BestOf);

    /// <summary>Compares what is complete.</summary>
    /// <param name="plan">The sweep.</param>
    /// <param name="standing">Its runs.</param>
    /// <param name="measure">Which score of a run is compared.</param>
    public static SweepReport Of(SweepPlan plan, ImmutableArray<StandingRun> standing, Measure measure)
    {
        var complete = new List<PlannedStudy>();
        var left = ImmutableArray.CreateBuilder<string>();
        foreach (var study in plan.Studies)
        {
            var runs = standing.Where(s => s.Run.Study == study).ToList();
            if (runs.TrueForAll(static s => s.State is RunState.Completed))
                complete.Add(Planned(study, runs));
            else
                left.Add(Incomplete(study, runs));
        }

        return new(plan, standing, [.. complete.GroupBy(static s => s.Spec.Objective).Select(same => Compare([.. same], measure))], left.ToImmutable());
    }

    private static PlannedStudy Planned(SweptStudy study, List<StandingRun> runs)
    {
        var planned = new PlannedStudy(study.Spec, study.Name);
        foreach (var run in runs)
            planned.Add(((RunState.Completed)run.State).Run);

        return planned;
    }

    // A sweep varies what it varies on purpose: unequal training is said, not refused.
    private static ComparisonReport Compare(ImmutableArray<PlannedStudy> studies, Measure measure)
    {
        var plan = new ComparisonPlan(studies, studies.Length > 1 ? [studies[0]] : []);
        return plan.Report(studies.Length > 1 ? Fairness.Inequalities(plan.Specs) : [], measure, BootstrapInterval.DefaultResamples);
    }

    private static string Incomplete(SweptStudy study, List<StandingRun> runs)
    {
        var counts = runs.GroupBy(static s => s.State.Word, StringComparer.Ordinal).Select(static g => string.Create(CultureInfo.InvariantCulture, $"{g.Count()} {g.Key}"));
        return $"{study.Name} is not in the table: of {Words.Count(runs.Count, "run")}, {string.Join(", ", counts)}; those that went well would flatter it.";
    }

    private static (ComparedStudy Study, RunOutcome Run, string Directory) BestOf(ComparisonReport report)
    {
        var comparison = report.Comparison;
        var study = comparison.Studies.MaxBy(s => comparison.Objective.Fitness(s.InterquartileMean.Value))!;
        var run = study.Study.Runs.MaxBy(r => comparison.Objective.Fitness(r.Score(comparison.Measure)))!;
        return (study, run, report.Directories[(study.Study.Name, run.Seed)]);
    }
}
