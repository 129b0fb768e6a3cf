using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pbt.Core.SearchSpaces;

namespace Pbt.Runtime.Trainers;

/// <summary>Hyperparameters as a JSON object, in the spec's order.</summary>
public static class HyperparametersJson
{
    /// <summary>The object's text: a float always has a point or an exponent, so that it stays a float when read.</summary>
    public static string Write(Hyperparameters hyperparameters)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            Write(writer, hyperparameters);

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes the object.</summary>
    public static void Write(Utf8JsonWriter writer, Hyperparameters hyperparameters)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in hyperparameters)
        {
            writer.WritePropertyName(name);
            switch (value.Kind)
            {
                case HyperparameterValueKind.Float:
                    var text = value.ToString();
                    writer.WriteRawValue(text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0");
                    break;
                case HyperparameterValueKind.Int:
                    writer.WriteNumberValue(value.Integer);
                    break;
                case HyperparameterValueKind.Bool:
                    writer.WriteBooleanValue(value.Truth);
                    break;
                default:
                    writer.WriteStringValue(value.Text);
                    break;
            }
        }

        writer.WriteEndObject();
    }
}
