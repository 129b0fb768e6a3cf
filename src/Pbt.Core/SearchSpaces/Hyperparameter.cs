using Pbt.Core.Randomness;

namespace Pbt.Core.SearchSpaces;

/// <summary>How a numeric hyperparameter is measured: how it is drawn, and what noise is added to.</summary>
public enum Scale
{
    /// <summary>Drawn uniformly; noise is added to the value.</summary>
    Linear,

    /// <summary>Drawn log-uniformly; noise is added to the logarithm. Needs min &gt; 0.</summary>
    Log,

    /// <summary>1 − value is on a log scale, as suits a discount. Needs max &lt; 1.</summary>
    OneMinusLog,
}

/// <summary>The definition of one hyperparameter: its name, type, bounds and scale.</summary>
/// <remarks>
/// Immutable and thread-safe. Every value that <see cref="FromUnit"/>, <see cref="Perturb"/> and <see cref="AddNoise"/>
/// return lies in the bounds (<see cref="Contains"/>), whatever numbers they are given, and is of the definition's own
/// kind; a value outside the bounds is clamped first. A value of a wrong kind, such as a text for a float, is a caller's
/// error: <see cref="InvalidOperationException"/>. The closed set of types: <see cref="FloatHyperparameter"/>,
/// <see cref="IntHyperparameter"/>, <see cref="OrdinalHyperparameter"/>, <see cref="CategoricalHyperparameter"/>,
/// <see cref="BoolHyperparameter"/>. How many draws each method takes is part of the frozen scheme (docs/randomness.md).
/// </remarks>
public abstract record Hyperparameter(string Name)
{
    /// <summary>A narrower definition that first values are drawn from; null is this one itself.</summary>
    public Hyperparameter? InitialPrior { get; init; }

    /// <summary>A value known to be good, in the bounds; null if none is given. <c>mutate_defaults</c> begins from it.</summary>
    public HyperparameterValue? Default { get; init; }

    /// <summary>The prior's quantile function: maps a uniform draw to a value.</summary>
    /// <param name="unit">A number in [0, 1); monotone where the values have an order.</param>
    public abstract HyperparameterValue FromUnit(double unit);

    /// <summary>Where a value lies in the prior, in [0, 1): the inverse of <see cref="FromUnit"/>, up to rounding.</summary>
    public abstract double ToUnit(HyperparameterValue value);

    /// <summary>Multiplies the value by a factor, as this type understands it.</summary>
    /// <param name="value">A value of this hyperparameter.</param>
    /// <param name="factor">Greater than 0; 1 changes nothing.</param>
    /// <param name="zeroStep">
    /// What takes the place of a factor where the value is exactly 0, which no factor can move: a step up (factor above
    /// 1) or down (below 1) of this fraction of max − min. 0 leaves 0 where it is, as in the paper.
    /// </param>
    /// <param name="random">Used by stochastic rounding.</param>
    public abstract HyperparameterValue Perturb(HyperparameterValue value, double factor, double zeroStep, RandomStream random);

    /// <summary>Adds noise in the hyperparameter's own scale.</summary>
    /// <param name="value">A value of this hyperparameter.</param>
    /// <param name="noise">
    /// In units of <paramref name="unit"/>: of the scale's own coordinate (the value, its logarithm, the logarithm of
    /// 1 − value, the index of an ordinal), or of the range between the bounds in that coordinate.
    /// </param>
    /// <param name="unit">What the noise is measured in.</param>
    /// <param name="random">Used by stochastic rounding.</param>
    public abstract HyperparameterValue AddNoise(HyperparameterValue value, double noise, NoiseUnit unit, RandomStream random);

    /// <summary>Whether the value is of this type and in its bounds.</summary>
    public abstract bool Contains(HyperparameterValue value);

    /// <summary>Types and bounds in words, for messages: <c>a float from 1E-05 to 0.01</c>.</summary>
    public abstract string Describe();
}

/// <summary>What noise is measured in.</summary>
public enum NoiseUnit
{
    /// <summary>The scale's own coordinate: the value itself, its logarithm, or the logarithm of 1 − value.</summary>
    Scale,

    /// <summary>The range between the bounds, in the scale's coordinate.</summary>
    Range,
}
