using System.Globalization;
using Pbt.Core.Randomness;

namespace Pbt.Core.SearchSpaces;

/// <summary>An integer between two bounds, on a linear or log scale.</summary>
/// <remarks>
/// <para>
/// The prior: linear, each of the max − min + 1 integers is equally likely (as nearly as the draw's 53 bits divide); log,
/// a log-uniform real in [min − ½, max + ½] is rounded, so k has a probability proportional to ln((k + ½) ÷ (k − ½)),
/// close to 1 ÷ k, and both ends are reached.
/// </para>
/// <para>
/// A factor multiplies the value; noise is added to it or to its logarithm; the result is rounded up or down at random so
/// that its expectation is kept, then clamped. <see cref="Perturb"/> and <see cref="AddNoise"/> take exactly one draw,
/// always. A factor or noise that is NaN changes nothing. A float is taken for the nearest integer.
/// </para>
/// </remarks>
public sealed record IntHyperparameter : Hyperparameter
{
    /// <summary>The greatest size of a bound, 2⁵³: up to it every integer is a double.</summary>
    public const long Limit = 1L << 53;

    /// <summary>Defines an integer; both bounds belong to it.</summary>
    /// <exception cref="ArgumentException"><see cref="Check"/> objects to the bounds.</exception>
    public IntHyperparameter(string name, long min, long max, Scale scale)
        : base(name)
    {
        if (Check(min, max, scale) is { } objection)
            throw new ArgumentException($"The hyperparameter '{name}': {objection}.", nameof(min));

        Min = min;
        Max = max;
        Scale = scale;
    }

    /// <summary>The least value.</summary>
    public long Min { get; }

    /// <summary>The greatest value.</summary>
    public long Max { get; }

    /// <summary>How the value is measured: linear or log.</summary>
    public Scale Scale { get; }

    /// <summary>What is wrong with these bounds, as a clause without a full stop, or null.</summary>
    public static string? Check(long min, long max, Scale scale)
    {
        if (min < -Limit)
            return Say($"min {min} is below {-Limit} (-2^53), the least an int can be");

        if (max > Limit)
            return Say($"max {max} is above {Limit} (2^53), the greatest an int can be");

        if (min > max)
            return Say($"min {min} is above max {max}");

        return scale switch
        {
            Scale.Linear => null,
            Scale.Log => min > 0 ? null : Say($"min {min} is not above 0, which the log scale needs"),
            Scale.OneMinusLog => "an int has no one_minus_log scale",
            _ => Say($"{scale} is no scale"),
        };
    }

    /// <inheritdoc/>
    public override HyperparameterValue FromUnit(double unit)
    {
        if (Scale == Scale.Linear)
            return HyperparameterValue.Of(Min + Unit.PartOf(unit, Max - Min + 1));

        var coordinate = LogFloor + (Unit.Clamp(unit) * (LogCeiling - LogFloor));
        return Bound(Math.Floor(PortableMath.Exp(coordinate) + 0.5));
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The value is no number.</exception>
    public override double ToUnit(HyperparameterValue value)
    {
        var integer = Clamp(value);
        return Scale == Scale.Linear
            ? Unit.MiddleOf(integer - Min, Max - Min + 1)
            : Unit.ClampBelowOne((PortableMath.Log(integer) - LogFloor) / (LogCeiling - LogFloor));
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The value is no number.</exception>
    public override HyperparameterValue Perturb(HyperparameterValue value, double factor, double zeroStep, RandomStream random)
    {
        var integer = Clamp(value);
        return Round(integer == 0 ? ZeroRule.Step(factor, zeroStep, Max - Min) : integer * factor, integer, random);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The value is no number.</exception>
    public override HyperparameterValue AddNoise(HyperparameterValue value, double noise, NoiseUnit unit, RandomStream random)
    {
        var integer = Clamp(value);
        var moved = Scale == Scale.Linear
            ? integer + (unit == NoiseUnit.Range ? noise * (Max - Min) : noise)
            : integer * PortableMath.Exp(unit == NoiseUnit.Range ? noise * (PortableMath.Log(Max) - PortableMath.Log(Min)) : noise);
        return Round(moved, integer, random);
    }

    /// <inheritdoc/>
    public override bool Contains(HyperparameterValue value) =>
        value.Kind == HyperparameterValueKind.Int && value.Integer >= Min && value.Integer <= Max;

    /// <inheritdoc/>
    public override string Describe() => Say($"an int from {Min} to {Max}");

    private double LogFloor => PortableMath.Log(Min - 0.5);

    private double LogCeiling => PortableMath.Log(Max + 0.5);

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private long Clamp(HyperparameterValue value) => value.Kind == HyperparameterValueKind.Int
        ? Math.Clamp(value.Integer, Min, Max)
        : (long)Math.Clamp(Math.Round(value.Number), Min, Max);

    private HyperparameterValue Round(double number, long otherwise, RandomStream random)
    {
        var rounded = random.RoundStochastically(number);
        return double.IsNaN(rounded) ? HyperparameterValue.Of(otherwise) : Bound(rounded);
    }

    // Within ±2⁵³ every bound is a double, so the clamped double is an exact integer.
    private HyperparameterValue Bound(double whole) => HyperparameterValue.Of((long)Math.Clamp(whole, Min, Max));
}
