using System.Collections.Immutable;
using System.Text.Json;
using Pbt.Core.SearchSpaces;

namespace Pbt.Storage.Journal;

/// <summary>Reads hyperparameters from JSON as <see cref="HyperparametersJson"/> writes them.</summary>
/// <remarks>A number with a <c>.</c> or an <c>e</c> is a float, any other is an int.</remarks>
internal static class HyperparametersReader
{
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
