using System.Collections.Immutable;
using Pbt.Core.Comparisons;

namespace Pbt.Cli.Output;

/// <summary>A comparison with what a reader must know of it.</summary>
/// <param name="Comparison">The figures.</param>
/// <param name="Inequalities">Why its studies may have had unequal training, which was allowed.</param>
/// <param name="Differences">What else differs; sentences.</param>
/// <param name="Directories">Where runs are, by study and seed.</param>
internal sealed record ComparisonReport(
    Comparison Comparison,
    ImmutableArray<string> Inequalities,
    ImmutableArray<string> Differences,
    IReadOnlyDictionary<(string Study, ulong Seed), string> Directories)
{
    private const int FewRuns = 5;

    /// <summary>The training that every run got, or null if not every run got the same.</summary>
    public TrainingBudget? Training => Inequalities.IsEmpty ? TrainingBudget.Of(Comparison.Studies[0].Study.Spec) : null;

    /// <summary>What a reader must know; sentences.</summary>
    public IReadOnlyList<string> Notes =>
    [
        .. Inequalities.Select(static clause => $"The budgets are not equal: {clause}."),
        .. Differences,
        .. RunNotes(),
        .. Comparison.Measure == Measure.Best ? ["The best of many noisy scores is too good: a figure by --measure best is to be confirmed by evaluating that checkpoint anew."] : Array.Empty<string>(),
    ];

    private IEnumerable<string> RunNotes()
    {
        var single = Comparison.Studies.Where(static s => s.Study.Runs.Length == 1).Select(static s => s.Study.Name).ToList();
        if (single.Count > 0)
            yield return $"One run of {string.Join(", ", single)}: a single run says nothing on how much another would differ, so there is no interval.";

        var few = Comparison.Studies.Where(static s => s.Study.Runs.Length is > 1 and < FewRuns).Select(static s => s.Study.Name).ToList();
        if (few.Count > 0)
            yield return $"Fewer than {FewRuns} runs of {string.Join(", ", few)}: the intervals are too narrow.";

        foreach (var study in Comparison.Studies)
        {
            if (TrainingBudget.Of(study.Study.Spec) is { Unit: TrainingUnit.Steps } training && study.Study.Runs.Count(run => run.Steps < training.Amount) is > 0 and var less)
                yield return $"{less} of {Words.Count(study.Study.Runs.Length, "run")} of {study.Study.Name} report fewer steps than the budget's {training.AmountText}, as when intervals fail.";
        }
    }
}
