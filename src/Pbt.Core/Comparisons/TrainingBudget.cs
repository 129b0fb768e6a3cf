using System.Globalization;
using Pbt.Core.Studies;

namespace Pbt.Core.Comparisons;

/// <summary>How much training a spec's budget buys: trainer steps of all members together, or seconds.</summary>
/// <param name="Amount">How much, with what the last generation or interval goes beyond <c>total_steps</c>.</param>
/// <param name="Unit">Steps, or seconds where the interval is measured in seconds.</param>
/// <param name="Sum">Where the amount comes from, in words: <c>22 members × 50 intervals × 20 steps</c>.</param>
public sealed record TrainingBudget(double Amount, TrainingUnit Unit, string Sum)
{
    // Sums of decimal seconds differ in their last digits.
    private const double Tolerance = 1e-9;

    /// <summary>The training of a spec, or null if its limits do not say how much it is.</summary>
    /// <remarks>A score, a wall clock, and steps that a trainer counted in seconds reports, are no amount of training.</remarks>
    public static TrainingBudget? Of(StudySpec spec)
    {
        var byIntervals = ByIntervals(spec);
        var bySteps = ByTotalSteps(spec);
        if (byIntervals is null || bySteps is null)
            return byIntervals ?? bySteps;

        return byIntervals.Unit != bySteps.Unit ? null : bySteps.Amount < byIntervals.Amount ? bySteps : byIntervals;
    }

    /// <summary>Why two runs of the spec may get unequal training, as clauses; empty if they do not.</summary>
    public static IEnumerable<string> Uncertainties(StudySpec spec)
    {
        if (spec.Budget.Score is { } score)
            yield return Say($"budget.score {score} ends a run as soon as it is reached, so that a good one trains less");

        if (spec.Budget.WallClock is { } limit)
            yield return Say($"budget.wall_clock {Words(limit)} ends a run by the clock, so that its training depends on the machine");

        if (spec.Budget is { Intervals: not null, TotalSteps: not null } && spec.Interval.Steps is null)
            yield return "which of budget.intervals and budget.total_steps ends a run depends on the trainer";
    }

    /// <summary>Whether two amounts are the same, up to rounding.</summary>
    public bool IsAsMuchAs(TrainingBudget other) =>
        Unit == other.Unit && Math.Abs(Amount - other.Amount) <= Tolerance * Math.Max(Amount, other.Amount);

    /// <summary>The amount in words: <c>22,000 steps (22 members × 50 intervals × 20 steps)</c>.</summary>
    public override string ToString() => $"{AmountText} ({Sum})";

    /// <summary>The amount alone: <c>22,000 steps</c>.</summary>
    public string AmountText => Unit == TrainingUnit.Steps ? Say($"{Amount:#,0} steps") : Say($"{Amount:#,0.###} s");

    /// <summary>Intervals of all members up to one of them, those of candidates that do not go on included.</summary>
    public static double Intervals(StudySpec spec, long interval) =>
        ((double)spec.Population * interval) + ((double)Retiring(spec) * Math.Min(interval, spec.Initial.CandidateIntervals));

    private static int Retiring(StudySpec spec) => spec.FirstMembers - spec.Population;

    private static TrainingBudget? ByIntervals(StudySpec spec)
    {
        if (spec.Budget.Intervals is not { } intervals)
            return null;

        var count = Intervals(spec, intervals);
        var sum = $"{Count(spec.Population, "member")} × {Count(intervals, "interval")}";
        if (Retiring(spec) > 0)
            sum = $"({sum} + {Count(Retiring(spec), "candidate")} × {Count(spec.Initial.CandidateIntervals, "interval")})";

        return spec.Interval.Steps is { } steps
            ? new(count * steps, TrainingUnit.Steps, $"{sum} × {Count(steps, "step")}")
            : new(count * spec.Interval.Seconds!.Value, TrainingUnit.Seconds, Say($"{sum} × {spec.Interval.Seconds.Value} s"));
    }

    /// <summary>A synchronous study ends with a whole generation, an asynchronous one with a whole interval.</summary>
    private static TrainingBudget? ByTotalSteps(StudySpec spec)
    {
        if (spec.Budget.TotalSteps is not { } total)
            return null;

        if (spec.Interval.Steps is not { } steps)
            return new(total, TrainingUnit.Steps, Say($"total_steps {total}"));

        if (spec.Mode == StudyMode.Asynchronous)
            return new(Math.Ceiling((double)total / steps) * steps, TrainingUnit.Steps, Say($"total_steps {total} in whole intervals of {steps} steps"));

        // At least the generations in which candidates train, or else one, of as many members as there are then.
        var first = Intervals(spec, spec.Initial.CandidateIntervals) * steps;
        var generation = (double)spec.Population * steps;
        var amount = first + (Math.Ceiling(Math.Max(0, total - first) / generation) * generation);
        return new(amount, TrainingUnit.Steps, Say($"total_steps {total} in whole generations"));
    }

    private static string Count(long count, string noun) => Say($"{count} {noun}{(count == 1 ? string.Empty : "s")}");

    private static string Words(TimeSpan limit) => Studies.Reading.SpecDuration.Text(limit);

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What training is counted in.</summary>
public enum TrainingUnit
{
    /// <summary>Trainer steps.</summary>
    Steps,

    /// <summary>Seconds of training.</summary>
    Seconds,
}
