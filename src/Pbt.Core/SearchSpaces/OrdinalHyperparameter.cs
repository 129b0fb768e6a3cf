using System.Collections.Immutable;
using Pbt.Core.Randomness;

namespace Pbt.Core.SearchSpaces;

/// <summary>One of some values that have an order, such as batch sizes.</summary>
/// <remarks>
/// The prior gives each value the same probability. A factor above 1 moves one place up the list, one below 1 one place
/// down; noise is added to the index, in places or as a fraction of the last index, and rounded at random so that its
/// expectation is kept. The ends are not left. <see cref="AddNoise"/> takes exactly one draw, <see cref="Perturb"/> none.
/// A factor or noise that is NaN changes nothing. A value that is not listed is taken for the first.
/// Two are equal when their names and lists are.
/// </remarks>
public sealed record OrdinalHyperparameter : Hyperparameter
{
    /// <summary>Defines an ordinal with these values, in this order.</summary>
    /// <exception cref="ArgumentException"><see cref="Check"/> objects to the values.</exception>
    public OrdinalHyperparameter(string name, ImmutableArray<HyperparameterValue> values)
        : base(name) => Values = Choices.Checked(name, values);

    /// <summary>The values, in their order.</summary>
    public ImmutableArray<HyperparameterValue> Values { get; }

    /// <summary>What is wrong with these values, as a clause without a full stop, or null.</summary>
    public static string? Check(ImmutableArray<HyperparameterValue> values) => Choices.Check(values);

    /// <inheritdoc/>
    public override HyperparameterValue FromUnit(double unit) => Choices.FromUnit(Values, unit);

    /// <inheritdoc/>
    public override double ToUnit(HyperparameterValue value) => Choices.ToUnit(Values, value);

    /// <inheritdoc/>
    public override HyperparameterValue Perturb(HyperparameterValue value, double factor, double zeroStep, RandomStream random)
    {
        var places = factor switch { > 1 => 1, < 1 => -1, _ => 0 };
        return Values[Math.Clamp(Choices.IndexOf(Values, value) + places, 0, Values.Length - 1)];
    }

    /// <inheritdoc/>
    public override HyperparameterValue AddNoise(HyperparameterValue value, double noise, NoiseUnit unit, RandomStream random)
    {
        var index = Choices.IndexOf(Values, value);
        var last = Values.Length - 1;
        var moved = random.RoundStochastically(index + (unit == NoiseUnit.Range ? noise * last : noise));
        return Values[double.IsNaN(moved) ? index : (int)Math.Clamp(moved, 0, last)];
    }

    /// <inheritdoc/>
    public override bool Contains(HyperparameterValue value) => Values.Contains(value);

    /// <inheritdoc/>
    public override string Describe() => $"one of {string.Join(", ", Values)}";

    /// <inheritdoc/>
    public bool Equals(OrdinalHyperparameter? other) =>
        ReferenceEquals(this, other) || (base.Equals(other) && Values.AsSpan().SequenceEqual(other.Values.AsSpan()));

    /// <inheritdoc/>
    public override int GetHashCode() => Choices.HashCodeOf(Name, Values);
}
