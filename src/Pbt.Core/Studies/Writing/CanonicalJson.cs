using System.Collections.Immutable;
using System.Text.Json;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies.Reading;

namespace Pbt.Core.Studies.Writing;

/// <summary>Values as the canonical form writes them.</summary>
internal static class CanonicalJson
{
    /// <summary>Writes an integer, or nothing.</summary>
    public static void WriteOptional(this Utf8JsonWriter json, string key, long? value)
    {
        if (value is { } integer)
            json.WriteNumber(key, integer);
    }

    /// <summary>Writes a float, or nothing.</summary>
    public static void WriteOptional(this Utf8JsonWriter json, string key, double? value)
    {
        if (value is { } number)
            json.WriteFloat(key, number);
    }

    /// <summary>Writes a duration, or nothing.</summary>
    public static void WriteOptional(this Utf8JsonWriter json, string key, TimeSpan? value)
    {
        if (value is { } duration)
            json.WriteString(key, SpecDuration.Text(duration));
    }

    /// <summary>Writes a text, or nothing.</summary>
    public static void WriteOptional(this Utf8JsonWriter json, string key, string? value)
    {
        if (value is not null)
            json.WriteString(key, value);
    }

    /// <summary>Writes a list of texts, or nothing where it is empty.</summary>
    public static void WriteTexts(this Utf8JsonWriter json, string key, ImmutableArray<string> texts)
    {
        if (texts.Length == 0)
            return;

        json.WriteStartArray(key);
        foreach (var text in texts)
            json.WriteStringValue(text);

        json.WriteEndArray();
    }

    /// <summary>Writes a float so that it reads back as one: 1 is <c>1.0</c>.</summary>
    public static void WriteFloat(this Utf8JsonWriter json, string key, double value)
    {
        json.WritePropertyName(key);
        json.WriteFloatValue(value);
    }

    /// <summary>Writes a float in a list.</summary>
    public static void WriteFloatValue(this Utf8JsonWriter json, double value) => HyperparametersJson.WriteFloat(json, value);

    /// <summary>Writes a hyperparameter's value in its own kind.</summary>
    public static void WriteHyperparameterValue(this Utf8JsonWriter json, HyperparameterValue value) => HyperparametersJson.Write(json, value);
}
