using System.Globalization;

namespace Pbt.Client;

/// <summary>A hyperparameter's value: a number, a text, or true or false.</summary>
/// <remarks>Immutable. Numbers, texts and bools convert to it by themselves; the default is the number 0.</remarks>
public readonly struct HyperparameterValue : IEquatable<HyperparameterValue>
{
    private readonly double _number;
    private readonly string? _text;
    private readonly bool _isBoolean;

    private HyperparameterValue(double number, string? text, bool isBoolean) => (_number, _text, _isBoolean) = (number, text, isBoolean);

    /// <summary>The number, or null if it is none.</summary>
    public double? Number => _text is null && !_isBoolean ? _number : null;

    /// <summary>The text, or null if it is none.</summary>
    public string? Text => _text;

    /// <summary>True or false, or null if it is neither.</summary>
    public bool? Boolean => _isBoolean ? _number != 0 : null;

    /// <summary>A number.</summary>
    public static HyperparameterValue FromDouble(double value) => new(value, text: null, isBoolean: false);

    /// <summary>A text.</summary>
    public static HyperparameterValue FromString(string value) => new(0, value ?? throw new ArgumentNullException(nameof(value)), isBoolean: false);

    /// <summary>True or false.</summary>
    public static HyperparameterValue FromBoolean(bool value) => new(value ? 1 : 0, text: null, isBoolean: true);

    /// <summary>As <see cref="FromDouble"/>.</summary>
    public static implicit operator HyperparameterValue(double value) => FromDouble(value);

    /// <summary>As <see cref="FromString"/>.</summary>
    public static implicit operator HyperparameterValue(string value) => FromString(value);

    /// <summary>As <see cref="FromBoolean"/>.</summary>
    public static implicit operator HyperparameterValue(bool value) => FromBoolean(value);

    /// <summary>Whether both are of the same kind and equal.</summary>
    public static bool operator ==(HyperparameterValue left, HyperparameterValue right) => left.Equals(right);

    /// <summary>Whether they differ in kind or value.</summary>
    public static bool operator !=(HyperparameterValue left, HyperparameterValue right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(HyperparameterValue other) =>
        _isBoolean == other._isBoolean && _number.Equals(other._number) && string.Equals(_text, other._text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is HyperparameterValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_number, _isBoolean, _text is null ? 0 : StringComparer.Ordinal.GetHashCode(_text));

    /// <summary>The value as it would be written in a command: <c>0.001</c>, <c>true</c>, <c>adam</c>.</summary>
    public override string ToString() => _text ?? (Boolean is { } boolean ? (boolean ? "true" : "false") : _number.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>The value in an error message.</summary>
    internal string Describe() => _text is not null ? $"the text '{_text}'" : _isBoolean ? ToString() : $"the number {this}";
}
