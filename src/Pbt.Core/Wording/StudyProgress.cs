using Pbt.Core.Population;
using Pbt.Core.Studies;

namespace Pbt.Core.Wording;

/// <summary>How far a study is, and how long it may still take.</summary>
/// <param name="Ended">Completed and failed intervals.</param>
/// <param name="Budget">The intervals of all members that the budget allows, or null.</param>
/// <param name="Fraction">The part of the nearest limit that is used up, 0 … 1, or null if no limit tells.</param>
/// <param name="Active">The time in which attempts were running.</param>
/// <param name="Left">What is left at the pace so far, or null while there is no pace.</param>
public sealed record StudyProgress(long Ended, long? Budget, double? Fraction, TimeSpan Active, TimeSpan? Left)
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(10_000);

    /// <summary>The progress by a clock that reads now.</summary>
    public static StudyProgress Of(StudyState state, DateTimeOffset now)
    {
        var limits = state.Spec.Budget;
        var ended = state.CompletedIntervals + state.FailedIntervals;
        var budget = BudgetOf(state.Spec);
        var active = state.ActiveTimeAt(now);
        double? fraction = null;
        if (budget is > 0)
            fraction = Part(ended, budget.Value);

        if (limits.TotalSteps is > 0 and var steps)
            fraction = Math.Max(fraction ?? 0, Part(state.TotalSteps, steps));

        if (limits.WallClock is { Ticks: > 0 } wallClock)
            fraction = Math.Max(fraction ?? 0, Part(active.Ticks, wallClock.Ticks));

        if (state.Phase == StudyPhase.Completed)
            fraction = fraction is null ? null : 1;

        return new StudyProgress(ended, budget, fraction, active, state.HasEnded ? null : LeftAt(fraction, active));
    }

    /// <summary>The intervals of all members that the budget allows, or null.</summary>
    /// <remarks>Those of candidates that are not to be members included.</remarks>
    public static long? BudgetOf(StudySpec spec) => spec.Budget.Intervals is { } each
        ? ((long)each * spec.Population) + ((long)spec.Initial.CandidateIntervals * (spec.FirstMembers - spec.Population))
        : null;

    private static double Part(long used, long limit) => Math.Clamp((double)used / limit, 0, 1);

    private static TimeSpan? LeftAt(double? fraction, TimeSpan active)
    {
        if (fraction is not > 0 || active <= TimeSpan.Zero)
            return null;

        var seconds = active.TotalSeconds * (1 - fraction.Value) / fraction.Value;
        return seconds < Longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
    }
}
