using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pbt.Core.SearchSpaces;

/// <summary>Hyperparameters as a JSON object that keeps their order, kinds and exact values.</summary>
/// <remarks>A float always has a point or an exponent, so that it reads back as one; any other number is an int.</remarks>
public static class HyperparametersJson
{
    /// <summary>The object's text.</summary>
    public static string Text(Hyperparameters hyperparameters)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            Write(json, hyperparameters);

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes the object.</summary>
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

    /// <summary>Writes one value.</summary>
    public static void Write(Utf8JsonWriter json, HyperparameterValue value)
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

    /// <summary>Writes a finite float: 1 is <c>1.0</c>.</summary>
    public static void WriteFloat(Utf8JsonWriter json, double number)
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
}
