using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Pbt.Client;

/// <summary>The hyperparameters of one interval, by name.</summary>
/// <remarks>
/// Immutable, and in the order of the study. Those of <see cref="SessionOptions.Defaults"/> that the study does not tune are
/// among them, with their defaults.
/// </remarks>
[SuppressMessage("Naming", "CA1710", Justification = "The study's own word says that there are many.")]
public sealed class Hyperparameters : IReadOnlyDictionary<string, HyperparameterValue>
{
    private readonly OrderedDictionary<string, HyperparameterValue> _values;

    /// <summary>Copies values.</summary>
    public Hyperparameters(IEnumerable<KeyValuePair<string, HyperparameterValue>> values) =>
        _values = new OrderedDictionary<string, HyperparameterValue>(values, StringComparer.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _values.Keys;

    /// <inheritdoc/>
    public IEnumerable<HyperparameterValue> Values => _values.Values;

    /// <inheritdoc/>
    public int Count => _values.Count;

    /// <summary>The value of a name.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name; the message lists those that are.</exception>
    public HyperparameterValue this[string key] => _values.TryGetValue(key, out var value)
        ? value
        : throw new KeyNotFoundException($"There is no hyperparameter '{key}'; there {(Count == 0 ? "are none" : $"are {string.Join(", ", Keys)}")}. Name it in the study's hyperparameters, or give it a default in SessionOptions.Defaults.");

    /// <summary>A number.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    /// <exception cref="FormatException">It is no number.</exception>
    public double GetDouble(string name) => this[name].Number ?? throw Wrong(name, "a number");

    /// <summary>An integer.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    /// <exception cref="FormatException">It is no integer of 32 bits.</exception>
    public int GetInt32(string name) =>
        this[name].Number is { } number && double.IsInteger(number) && number is >= int.MinValue and <= int.MaxValue ? (int)number : throw Wrong(name, "an integer of 32 bits");

    /// <summary>A text.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    /// <exception cref="FormatException">It is no text.</exception>
    public string GetString(string name) => this[name].Text ?? throw Wrong(name, "a text");

    /// <summary>True or false.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    /// <exception cref="FormatException">It is neither.</exception>
    public bool GetBoolean(string name) => this[name].Boolean ?? throw Wrong(name, "true or false");

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _values.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out HyperparameterValue value) => _values.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, HyperparameterValue>> GetEnumerator() => _values.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", this.Select(static pair => $"{pair.Key} {pair.Value}"));

    /// <summary>Those of a JSON object, over the program's defaults.</summary>
    /// <exception cref="ProtocolException">It is no object of numbers, texts and bools.</exception>
    internal static Hyperparameters Read(JsonElement json, IReadOnlyDictionary<string, HyperparameterValue> defaults)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw new ProtocolException($"hyperparameters is {json.ValueKind}, not an object");

        var values = new OrderedDictionary<string, HyperparameterValue>(StringComparer.Ordinal);
        foreach (var property in json.EnumerateObject())
            values[property.Name] = ReadValue(property);

        foreach (var (name, value) in defaults)
            values.TryAdd(name, value);

        return new Hyperparameters(values);
    }

    private static HyperparameterValue ReadValue(JsonProperty property) => property.Value.ValueKind switch
    {
        JsonValueKind.Number => property.Value.GetDouble(),
        JsonValueKind.String => property.Value.GetString()!,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        var kind => throw new ProtocolException($"the hyperparameter {property.Name} is {kind}, not a number, a text, true or false"),
    };

    private FormatException Wrong(string name, string wanted) => new($"The hyperparameter {name} is {this[name].Describe()}, not {wanted}.");
}
