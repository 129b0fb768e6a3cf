using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Pbt.Core.SearchSpaces;

namespace Pbt.Storage.Journal;

/// <summary>Hyperparameters as a JSON object that keeps their order, kinds and exact values.</summary>
/// <remarks>A number with a <c>.</c> or an <c>e</c> is a float, any other is an int.</remarks>
internal static class HyperparametersJson
{
    public static void Write(Utf8JsonWriter json, Hyperparameters hyperparameters)
    {
        json.WriteStartObject();
        for (var i = 0; i < hyperparameters.Count; i++)
        {
            var (name, value) = hyperparameters[i];
            json.WritePropertyName(name);
            Write(json, value);
        }

        json.WriteEndObject();
    }

    public static Hyperparameters Read(ref Utf8JsonReader json, TextPool pool)
    {
        if (json.TokenType != JsonTokenType.StartObject)
            throw new JsonException("Hyperparameters are an object.");

        var entries = ImmutableArray.CreateBuilder<KeyValuePair<string, HyperparameterValue>>(initialCapacity: 8);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = pool.Get(ref json);
            json.Read();
            entries.Add(new(name, ReadValue(ref json, pool)));
        }

        return new(entries.DrainToImmutable());
    }

    private static void Write(Utf8JsonWriter json, HyperparameterValue value)
    {
        switch (value.Kind)
        {
            case HyperparameterValueKind.Float:
                WriteFloat(json, value.Number);
                break;
            case HyperparameterValueKind.Int:
                json.WriteNumberValue(value.Integer);
                break;
            case HyperparameterValueKind.Bool:
                json.WriteBooleanValue(value.Truth);
                break;
            default:
                json.WriteStringValue(value.Text);
                break;
        }
    }

    private static void WriteFloat(Utf8JsonWriter json, double number)
    {
        Span<byte> text = stackalloc byte[40];
        if (!number.TryFormat(text, out var length, "R", CultureInfo.InvariantCulture))
            throw new NotSupportedException($"The number {number:E} has too many digits.");

        if (!text[..length].ContainsAny((byte)'.', (byte)'E'))
        {
            ".0"u8.CopyTo(text[length..]);
            length += 2;
        }

        json.WriteRawValue(text[..length], skipInputValidation: true);
    }

    private static HyperparameterValue ReadValue(ref Utf8JsonReader json, TextPool pool) => json.TokenType switch
    {
        JsonTokenType.Number when json.ValueSpan.ContainsAny((byte)'.', (byte)'e', (byte)'E') => HyperparameterValue.Of(json.GetDouble()),
        JsonTokenType.Number => HyperparameterValue.Of(json.GetInt64()),
        JsonTokenType.String => HyperparameterValue.Of(pool.Get(ref json)),
        JsonTokenType.True => HyperparameterValue.Of(truth: true),
        JsonTokenType.False => HyperparameterValue.Of(truth: false),
        _ => throw new JsonException("A hyperparameter is a number, a text or a bool."),
    };
}
