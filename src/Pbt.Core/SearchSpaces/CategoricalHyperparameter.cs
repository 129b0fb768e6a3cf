using System.Collections.Immutable;
using Pbt.Core.Randomness;

namespace Pbt.Core.SearchSpaces;

/// <summary>One of some values that have no order, such as optimizers.</summary>
/// <remarks>
/// The prior gives each value the same probability. There is nothing to multiply or to add to: a factor or noise keeps the
/// value, which moves only when it is drawn anew. No method draws from its stream. A value that is not listed is taken
/// for the first. Two are equal when their names and lists are.
/// </remarks>
public sealed record CategoricalHyperparameter : Hyperparameter
{
    /// <summary>Defines a categorical with these values.</summary>
    /// <exception cref="ArgumentException"><see cref="Check"/> objects to the values.</exception>
    public CategoricalHyperparameter(string name, ImmutableArray<HyperparameterValue> values)
        : base(name) => Values = Choices.Checked(name, values);

    /// <summary>The values.</summary>
    public ImmutableArray<HyperparameterValue> Values { get; }

    /// <summary>What is wrong with these values, as a clause without a full stop, or null.</summary>
    public static string? Check(ImmutableArray<HyperparameterValue> values) => Choices.Check(values);

    /// <inheritdoc/>
    public override HyperparameterValue FromUnit(double unit) => Choices.FromUnit(Values, unit);

    /// <inheritdoc/>
    public override double ToUnit(HyperparameterValue value) => Choices.ToUnit(Values, value);

    /// <inheritdoc/>
    public override HyperparameterValue Perturb(HyperparameterValue value, double factor, double zeroStep, RandomStream random) => Listed(value);

    /// <inheritdoc/>
    public override HyperparameterValue AddNoise(HyperparameterValue value, double noise, NoiseUnit unit, RandomStream random) => Listed(value);

    /// <inheritdoc/>
    public override bool Contains(HyperparameterValue value) => Values.Contains(value);

    /// <inheritdoc/>
    public override string Describe() => $"one of {string.Join(", ", Values)}";

    /// <inheritdoc/>
    public bool Equals(CategoricalHyperparameter? other) =>
        ReferenceEquals(this, other) || (base.Equals(other) && Values.AsSpan().SequenceEqual(other.Values.AsSpan()));

    /// <inheritdoc/>
    public override int GetHashCode() => Choices.HashCodeOf(Name, Values);

    private HyperparameterValue Listed(HyperparameterValue value) => Values[Choices.IndexOf(Values, value)];
}
