using System.Collections.Immutable;
using Pbt.Core.SearchSpaces;

namespace Pbt.Core.Studies;

/// <summary>Each hyperparameter moves by a rule, on its own.</summary>
public abstract record RuleExplore : ExploreSpec
{
    /// <summary>The probability that a hyperparameter moves at all, 0 … 1. Default 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>The probability that one which moves goes back to its default instead, 0 … 1. Default 0; one without a default does not.</summary>
    public double ResetProbability { get; init; }

    /// <summary>The probability that one which moves is drawn anew from its prior instead, 0 … 1.</summary>
    public abstract double ResampleProbability { get; init; }

    /// <summary>The rules of single hyperparameters, by name. Default none.</summary>
    /// <remarks>Each is a <see cref="RuleExplore"/> without overrides of its own, or a <see cref="NoExplore"/>; when they move is the whole's.</remarks>
    public ImmutableSortedDictionary<string, ExploreSpec> Overrides { get; init; } = NoOverrides;

    private static ImmutableSortedDictionary<string, ExploreSpec> NoOverrides { get; } = ImmutableSortedDictionary.Create<string, ExploreSpec>(StringComparer.Ordinal);
}

/// <summary>What a factor does to a value without order: a categorical or a bool.</summary>
public enum UnorderedMove
{
    /// <summary>Nothing: it moves only when it is drawn anew.</summary>
    Keep,

    /// <summary>It takes the next place in the list for a factor above 1, the one before below 1; the ends are not left (Ray Tune).</summary>
    Step,

    /// <summary>It takes one of the other values, each as likely: a bool flips (sample-factory).</summary>
    Other,
}

/// <summary>Each is multiplied by a factor: <c>strategy: perturb</c>.</summary>
public sealed record PerturbExplore : RuleExplore
{
    /// <summary>The factors, one of which is drawn uniformly. Default 0.8 and 1.2. Unused with a range or a ratio.</summary>
    public ImmutableArray<double> Factors { get; init; } = [0.8, 1.2];

    /// <summary>The bounds of a uniform factor instead, or null.</summary>
    public (double Min, double Max)? Range { get; init; }

    /// <summary>The bounds of a uniform u instead, by which the value is multiplied or divided, each as likely; or null.</summary>
    public (double Min, double Max)? Ratio { get; init; }

    /// <summary>What moves values without order. Default nothing.</summary>
    public UnorderedMove Unordered { get; init; }

    /// <summary>The step that moves a value of exactly 0, as a fraction of max − min. Default 0.01; 0 leaves it stuck.</summary>
    public double ZeroStep { get; init; } = 0.01;

    /// <summary>The probability that a hyperparameter is drawn anew from its prior instead. Default 0.25.</summary>
    public override double ResampleProbability { get; init; } = 0.25;
}

/// <summary>Each is drawn anew from its prior with some probability: <c>strategy: resample</c>.</summary>
/// <param name="ResampleProbability">The probability, 0 … 1. Default 0.25.</param>
public sealed record ResampleExplore(double ResampleProbability = 0.25) : RuleExplore;

/// <summary>Normal noise is added in each one's own scale: <c>strategy: gaussian</c>.</summary>
/// <param name="Sigma">The noise's standard deviation, in units of <paramref name="Unit"/>. Default 0.1.</param>
/// <param name="Unit">The scale's own coordinate (default), or the range between the bounds.</param>
/// <param name="ResampleProbability">The probability that a hyperparameter is drawn anew instead. Default 0.</param>
public sealed record GaussianExplore(double Sigma = 0.1, NoiseUnit Unit = NoiseUnit.Scale, double ResampleProbability = 0) : RuleExplore;

/// <summary>Each takes the value one step above or below, each as likely: <c>strategy: neighbour</c>.</summary>
/// <remarks>For ints, and by their place in the list for ordinals, categoricals and bools. The ends are not left.</remarks>
public sealed record NeighbourExplore : RuleExplore
{
    /// <summary>The probability that a hyperparameter is drawn anew from its prior instead. Default 0.</summary>
    public override double ResampleProbability { get; init; }
}

/// <summary>1 less each one's value is multiplied or divided by a factor, whatever its scale: <c>strategy: discount</c>.</summary>
/// <remarks>For floats. Source: IsaacGymEnvs.</remarks>
public sealed record DiscountExplore : RuleExplore
{
    /// <summary>The bounds of a uniform u, by which it is multiplied or divided, each as likely. Default 1.1 … 1.2.</summary>
    public (double Min, double Max) Ratio { get; init; } = (1.1, 1.2);

    /// <summary>The step that moves a value of exactly 1, as a fraction of max − min. Default 0.01; 0 leaves it stuck.</summary>
    public double ZeroStep { get; init; } = 0.01;

    /// <summary>The probability that a hyperparameter is drawn anew from its prior instead. Default 0.</summary>
    public override double ResampleProbability { get; init; }
}
