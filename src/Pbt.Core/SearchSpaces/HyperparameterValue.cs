using System.Globalization;

namespace Pbt.Core.SearchSpaces;

/// <summary>What kind of value a <see cref="HyperparameterValue"/> holds.</summary>
public enum HyperparameterValueKind
{
    /// <summary>A finite double.</summary>
    Float,

    /// <summary>A 64-bit integer.</summary>
    Int,

    /// <summary>A text.</summary>
    Text,

    /// <summary>True or false.</summary>
    Bool,
}

/// <summary>One hyperparameter's value: a float, an integer, a text or a bool.</summary>
/// <remarks>Immutable. Equality is by kind and exact value.</remarks>
public readonly struct HyperparameterValue : IEquatable<HyperparameterValue>
{
    private readonly long _bits;
    private readonly string? _text;

    private HyperparameterValue(HyperparameterValueKind kind, long bits, string? text)
    {
        Kind = kind;
        _bits = bits;
        _text = text;
    }

    /// <summary>Which of the four kinds this is.</summary>
    public HyperparameterValueKind Kind { get; }

    /// <summary>The number behind a float or an int.</summary>
    /// <exception cref="InvalidOperationException">The value is a text or a bool.</exception>
    public double Number => Kind switch
    {
        HyperparameterValueKind.Float => BitConverter.Int64BitsToDouble(_bits),
        HyperparameterValueKind.Int => _bits,
        _ => throw new InvalidOperationException($"'{this}' is no number."),
    };

    /// <summary>The integer.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    public long Integer => Kind == HyperparameterValueKind.Int ? _bits : throw new InvalidOperationException($"'{this}' is no integer.");

    /// <summary>The text.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    public string Text => Kind == HyperparameterValueKind.Text ? _text! : throw new InvalidOperationException($"'{this}' is no text.");

    /// <summary>The truth value.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    public bool Truth => Kind == HyperparameterValueKind.Bool ? _bits != 0 : throw new InvalidOperationException($"'{this}' is no bool.");

    /// <summary>Makes a float value; −0 becomes 0, so that equal numbers are equal values.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is NaN or infinite.</exception>
    public static HyperparameterValue Of(double number)
    {
        if (!double.IsFinite(number))
            throw new ArgumentOutOfRangeException(nameof(number), number, "A hyperparameter's value is finite.");

        return new(HyperparameterValueKind.Float, BitConverter.DoubleToInt64Bits(number == 0 ? 0.0 : number), text: null);
    }

    /// <summary>Makes an integer value.</summary>
    public static HyperparameterValue Of(long integer) => new(HyperparameterValueKind.Int, integer, text: null);

    /// <summary>Makes a text value.</summary>
    public static HyperparameterValue Of(string text) => new(HyperparameterValueKind.Text, 0, text);

    /// <summary>Makes a bool value.</summary>
    public static HyperparameterValue Of(bool truth) => new(HyperparameterValueKind.Bool, truth ? 1 : 0, text: null);

    /// <inheritdoc/>
    public bool Equals(HyperparameterValue other) =>
        Kind == other.Kind && _bits == other._bits && string.Equals(_text, other._text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is HyperparameterValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, _bits, _text);

    /// <summary>Equality by kind and exact value.</summary>
    public static bool operator ==(HyperparameterValue left, HyperparameterValue right) => left.Equals(right);

    /// <summary>Inequality by kind or exact value.</summary>
    public static bool operator !=(HyperparameterValue left, HyperparameterValue right) => !left.Equals(right);

    /// <summary>The text a trainer gets: shortest round-trip for a float, <c>true</c>/<c>false</c> for a bool, never localised.</summary>
    public override string ToString() => Kind switch
    {
        HyperparameterValueKind.Float => Number.ToString("R", CultureInfo.InvariantCulture),
        HyperparameterValueKind.Int => _bits.ToString(CultureInfo.InvariantCulture),
        HyperparameterValueKind.Bool => _bits != 0 ? "true" : "false",
        _ => _text ?? string.Empty,
    };
}
