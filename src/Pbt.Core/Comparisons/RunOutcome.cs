using System.Collections.Immutable;
using Pbt.Core.Exploit;
using Pbt.Core.Population;
using Pbt.Core.Studies;

namespace Pbt.Core.Comparisons;

/// <summary>Which score of a run is compared.</summary>
public enum Measure
{
    /// <summary>The best member's at the study's end: of its last interval. The default.</summary>
    Final,

    /// <summary>The best of any interval; picked among many noisy ones, it is too high (or too low, for a loss).</summary>
    Best,
}

/// <summary>Where a run stood after an interval of its members.</summary>
/// <param name="Interval">Which interval, from 1.</param>
/// <param name="Current">The best score of those members that completed it.</param>
/// <param name="BestSoFar">The best score of this interval or one before.</param>
public readonly record struct CurvePoint(int Interval, double Current, double BestSoFar);

/// <summary>What a comparison needs of one run: one study, run to its end with one seed.</summary>
/// <remarks>Immutable.</remarks>
public sealed record RunOutcome
{
    /// <summary>The study's seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The score of the best member at the study's end: of its last interval, not of its best one.</summary>
    public required double Final { get; init; }

    /// <summary>The best score of any interval.</summary>
    public required double Best { get; init; }

    /// <summary>Trainer steps of all completed intervals.</summary>
    public required long Steps { get; init; }

    /// <summary>Where it stood after each interval that a member completed.</summary>
    public required ImmutableArray<CurvePoint> Curve { get; init; }

    /// <summary>The score that is compared.</summary>
    public double Score(Measure measure) => measure == Measure.Final ? Final : Best;

    /// <summary>Why a study cannot be compared, as a clause; null if it can.</summary>
    /// <remarks>A study that failed has no score, and leaving it out would flatter the rest.</remarks>
    public static string? Objection(StudyState state) => state.Phase switch
    {
        _ when !state.Exists => "it was never created",
        StudyPhase.Failed => $"it failed: {state.EndReason}",
        StudyPhase.Stopped => "it was stopped before its budget was used up",
        not StudyPhase.Completed => "it has not ended",
        _ when Ranking.Latest(state).Count == 0 => "no member has a score at its end",
        _ => null,
    };

    /// <summary>The outcome of a study.</summary>
    /// <exception cref="ArgumentException"><see cref="Objection"/> has one.</exception>
    public static RunOutcome Of(StudyState state)
    {
        if (Objection(state) is { } objection)
            throw new ArgumentException($"The study cannot be compared: {objection}.", nameof(state));

        var curve = CurveOf(state);
        return new()
        {
            Seed = state.Spec.Seed,
            Final = Ranking.Latest(state).AtPlace(0).Record.Score!.Value,
            Best = curve[^1].BestSoFar,
            Steps = state.TotalSteps,
            Curve = curve,
        };
    }

    private static ImmutableArray<CurvePoint> CurveOf(StudyState state)
    {
        var objective = state.Spec.Objective;
        var current = new List<double?>();
        foreach (var member in state.Members)
        {
            foreach (var record in member.History)
            {
                while (current.Count < record.Interval)
                    current.Add(null);

                if (record.Score is { } score)
                    current[record.Interval - 1] = Better(objective, current[record.Interval - 1], score);
            }
        }

        var curve = ImmutableArray.CreateBuilder<CurvePoint>(current.Count);
        for (var i = 0; i < current.Count; i++)
        {
            if (current[i] is { } score)
                curve.Add(new(i + 1, score, Better(objective, curve.Count > 0 ? curve[^1].BestSoFar : null, score)));
        }

        return curve.ToImmutable();
    }

    private static double Better(Objective objective, double? one, double other) =>
        one is { } known && objective.Fitness(known) >= objective.Fitness(other) ? known : other;
}
