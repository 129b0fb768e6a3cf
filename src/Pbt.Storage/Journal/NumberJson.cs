using System.Collections.Immutable;
using System.Text.Json;

namespace Pbt.Storage.Journal;

/// <summary>Measured numbers: exact, and also those that JSON has no number for, as <c>"NaN"</c> or <c>"-Infinity"</c>.</summary>
internal static class NumberJson
{
    public static void Write(Utf8JsonWriter json, double number)
    {
        if (double.IsFinite(number))
            json.WriteNumberValue(number);
        else
            json.WriteStringValue(double.IsNaN(number) ? "NaN"u8 : number > 0 ? "Infinity"u8 : "-Infinity"u8);
    }

    /// <summary>Writes the property unless it is empty.</summary>
    public static void WriteArray(Utf8JsonWriter json, ReadOnlySpan<byte> name, ImmutableArray<double> numbers)
    {
        if (numbers.IsDefaultOrEmpty)
            return;

        json.WriteStartArray(name);
        foreach (var number in numbers)
            Write(json, number);

        json.WriteEndArray();
    }

    /// <summary>Writes the property unless it is empty.</summary>
    public static void WriteObject(Utf8JsonWriter json, ReadOnlySpan<byte> name, ImmutableSortedDictionary<string, double> numbers)
    {
        if (numbers.IsEmpty)
            return;

        json.WriteStartObject(name);
        foreach (var (key, number) in numbers)
        {
            json.WritePropertyName(key);
            Write(json, number);
        }

        json.WriteEndObject();
    }

    public static double Read(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Number)
            return json.GetDouble();

        if (json.TokenType == JsonTokenType.String)
        {
            if (json.ValueTextEquals("NaN"u8))
                return double.NaN;

            if (json.ValueTextEquals("Infinity"u8))
                return double.PositiveInfinity;

            if (json.ValueTextEquals("-Infinity"u8))
                return double.NegativeInfinity;
        }

        throw new JsonException($"Expected a number, found {json.TokenType}.");
    }

    public static ImmutableArray<double> ReadArray(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray)
            throw new JsonException("Expected a list of numbers.");

        var numbers = ImmutableArray.CreateBuilder<double>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            numbers.Add(Read(ref json));

        return numbers.DrainToImmutable();
    }

    public static ImmutableSortedDictionary<string, double> ReadObject(ref Utf8JsonReader json, TextPool pool)
    {
        if (json.TokenType != JsonTokenType.StartObject)
            throw new JsonException("Expected numbers by name.");

        var numbers = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = pool.Get(ref json);
            json.Read();
            numbers[name] = Read(ref json);
        }

        return numbers.ToImmutable();
    }
}
