using System.Collections.Immutable;
using Pbt.Core.Population;

namespace Pbt.Runtime.Trainers;

/// <summary>What a trainer says of an interval.</summary>
/// <param name="Score">The objective's value; finite.</param>
/// <param name="Steps">The steps it took, or null if it does not say.</param>
/// <param name="Samples">Single measurements behind the score, finite.</param>
/// <param name="Metrics">Other measurements by dotted name, finite.</param>
public sealed record TrainerResult(
    double Score, long? Steps, ImmutableArray<double> Samples, ImmutableSortedDictionary<string, double> Metrics)
{
    /// <summary>A result with a score and nothing else.</summary>
    public static TrainerResult Of(double score) => new(score, Steps: null, [], ImmutableSortedDictionary<string, double>.Empty);
}

/// <summary>A trainer's result, or what is wrong with it.</summary>
public abstract record ResultReading
{
    private ResultReading()
    {
    }

    /// <summary>It is a result.</summary>
    public sealed record Valid(TrainerResult Result) : ResultReading;

    /// <summary>It is none.</summary>
    public sealed record Invalid(FailureKind Kind, string Reason) : ResultReading;
}
