using System.Globalization;
using Pbt.Core.Randomness;

namespace Pbt.Core.SearchSpaces;

/// <summary>A real number between two bounds, on a linear, log or one_minus_log scale.</summary>
/// <remarks>
/// Each scale measures the value by a coordinate: v, ln v or ln(1 − v). The prior is uniform in the coordinate, noise is
/// added to it, and a factor multiplies v (linear, log) or 1 − v (one_minus_log). A factor or noise that is NaN changes
/// nothing. No method draws from its stream. Logarithms are <see cref="PortableMath"/>'s, the same on every machine.
/// </remarks>
public sealed record FloatHyperparameter : Hyperparameter
{
    /// <summary>Defines a float; both bounds belong to it.</summary>
    /// <exception cref="ArgumentException"><see cref="Check"/> objects to the bounds.</exception>
    public FloatHyperparameter(string name, double min, double max, Scale scale)
        : base(name)
    {
        if (Check(min, max, scale) is { } objection)
            throw new ArgumentException($"The hyperparameter '{name}': {objection}.", nameof(min));

        Min = min;
        Max = max;
        Scale = scale;
    }

    /// <summary>The least value.</summary>
    public double Min { get; }

    /// <summary>The greatest value.</summary>
    public double Max { get; }

    /// <summary>How the value is measured.</summary>
    public Scale Scale { get; }

    /// <summary>What is wrong with these bounds, as a clause without a full stop, or null.</summary>
    public static string? Check(double min, double max, Scale scale)
    {
        if (!double.IsFinite(min))
            return Say($"min {min} is not a finite number");

        if (!double.IsFinite(max))
            return Say($"max {max} is not a finite number");

        if (min > max)
            return Say($"min {min} is above max {max}");

        return scale switch
        {
            Scale.Linear => double.IsFinite(max - min) ? null : Say($"the range from min {min} to max {max} is too wide for a double"),
            Scale.Log => min > 0 ? null : Say($"min {min} is not above 0, which the log scale needs"),
            Scale.OneMinusLog => max < 1 ? null : Say($"max {max} is not below 1, which the one_minus_log scale needs"),
            _ => Say($"{scale} is no scale"),
        };
    }

    /// <inheritdoc/>
    public override HyperparameterValue FromUnit(double unit)
    {
        var position = Unit.Clamp(unit);
        if (Scale == Scale.Linear)
            return Bound(Min + (position * (Max - Min)), Min);

        var coordinate = Coordinate(Min) + (position * (Coordinate(Max) - Coordinate(Min)));
        var exponential = PortableMath.Exp(coordinate);
        return Bound(Scale == Scale.Log ? exponential : 1 - exponential, Min);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The value is no number.</exception>
    public override double ToUnit(HyperparameterValue value)
    {
        var range = Coordinate(Max) - Coordinate(Min);
        return range == 0 ? 0 : Unit.ClampBelowOne((Coordinate(Clamp(value)) - Coordinate(Min)) / range);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The value is no number.</exception>
    public override HyperparameterValue Perturb(HyperparameterValue value, double factor, double zeroStep, RandomStream random)
    {
        var number = Clamp(value);
        return Bound(number == 0 && Scale == Scale.Linear ? ZeroRule.Step(factor, zeroStep, Max - Min) : Multiply(number, factor), number);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The value is no number.</exception>
    public override HyperparameterValue AddNoise(HyperparameterValue value, double noise, NoiseUnit unit, RandomStream random)
    {
        var number = Clamp(value);
        var shift = unit == NoiseUnit.Range ? noise * Math.Abs(Coordinate(Max) - Coordinate(Min)) : noise;
        return Bound(Scale == Scale.Linear ? number + shift : Multiply(number, PortableMath.Exp(shift)), number);
    }

    /// <summary>Multiplies 1 less the value by a factor, whatever the scale.</summary>
    /// <param name="value">A value of this hyperparameter.</param>
    /// <param name="factor">Greater than 0; 1 changes nothing.</param>
    /// <param name="zeroStep">What takes the place of a factor where the value is exactly 1, as in <see cref="Perturb"/> where it is 0.</param>
    /// <exception cref="InvalidOperationException">The value is no number.</exception>
    public HyperparameterValue PerturbRest(HyperparameterValue value, double factor, double zeroStep)
    {
        var number = Clamp(value);
        return Bound(number == 1 ? 1 - ZeroRule.Step(factor, zeroStep, Max - Min) : number + ((1 - number) * (1 - factor)), number);
    }

    /// <inheritdoc/>
    public override bool Contains(HyperparameterValue value) =>
        value.Kind == HyperparameterValueKind.Float && value.Number >= Min && value.Number <= Max;

    /// <inheritdoc/>
    public override string Describe() => Say($"a float from {Min} to {Max}");

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private double Coordinate(double number) => Scale switch
    {
        Scale.Log => PortableMath.Log(number),
        Scale.OneMinusLog => PortableMath.Log(1 - number),
        _ => number,
    };

    // 1 − (1 − v)·f, written so that f = 1 gives v itself and a v close to 1 keeps its digits.
    private double Multiply(double number, double factor) =>
        Scale == Scale.OneMinusLog ? number + ((1 - number) * (1 - factor)) : number * factor;

    private double Clamp(HyperparameterValue value) => Math.Clamp(value.Number, Min, Max);

    private HyperparameterValue Bound(double number, double otherwise) =>
        HyperparameterValue.Of(double.IsNaN(number) ? otherwise : Math.Clamp(number, Min, Max));
}
