using Pbt.Core.Randomness;

namespace Pbt.Core.SearchSpaces;

/// <summary>True or false.</summary>
/// <remarks>
/// The prior gives both the same probability. A factor or noise keeps the value, which moves only when it is drawn anew.
/// No method draws from its stream.
/// </remarks>
public sealed record BoolHyperparameter(string Name) : Hyperparameter(Name)
{
    /// <inheritdoc/>
    public override HyperparameterValue FromUnit(double unit) => HyperparameterValue.Of(unit >= 0.5);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The value is no bool.</exception>
    public override double ToUnit(HyperparameterValue value) => value.Truth ? 0.75 : 0.25;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The value is no bool.</exception>
    public override HyperparameterValue Perturb(HyperparameterValue value, double factor, double zeroStep, RandomStream random) =>
        HyperparameterValue.Of(value.Truth);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The value is no bool.</exception>
    public override HyperparameterValue AddNoise(HyperparameterValue value, double noise, NoiseUnit unit, RandomStream random) =>
        HyperparameterValue.Of(value.Truth);

    /// <inheritdoc/>
    public override bool Contains(HyperparameterValue value) => value.Kind == HyperparameterValueKind.Bool;

    /// <inheritdoc/>
    public override string Describe() => "true or false";
}
