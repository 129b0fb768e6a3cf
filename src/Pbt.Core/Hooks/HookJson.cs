using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pbt.Core.Population;
using Pbt.Core.SearchSpaces;

namespace Pbt.Core.Hooks;

/// <summary>Writes what a hook reads on standard input.</summary>
/// <remarks>A contract (docs/hooks.md): keys are added, never renamed or taken away. Every key is always there, null where it does not apply.</remarks>
internal static class HookJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The object on one line.</summary>
    public static ReadOnlyMemory<byte> Write(HookOccasion occasion, RecordedEvent recorded, string study, string words)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("study", study);
            json.WriteNumber("version", recorded.Version);
            json.WriteString("time", recorded.Time.UtcDateTime);
            json.WriteString("kind", HookWords.Of(occasion.Kind));
            WriteNumber(json, "member", occasion.Member?.Value);
            WriteNumber(json, "donor", occasion.Donor?.Value);
            WriteNumber(json, "interval", occasion.Interval);
            WriteScore(json, occasion.Score);
            json.WriteString("checkpoint", occasion.Checkpoint?.ToString());
            WriteHyperparameters(json, "hyperparameters_before", occasion.Before);
            WriteHyperparameters(json, "hyperparameters", occasion.Hyperparameters);
            json.WriteString("worker", occasion.Worker?.Value);
            json.WriteString("outcome", occasion.Outcome);
            json.WriteString("reason", occasion.Reason);
            json.WriteString("words", words);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenMemory;
    }

    private static void WriteNumber(Utf8JsonWriter json, string key, int? value)
    {
        if (value is { } number)
            json.WriteNumber(key, number);
        else
            json.WriteNull(key);
    }

    private static void WriteScore(Utf8JsonWriter json, double? score)
    {
        json.WritePropertyName("score");
        if (score is { } known)
            HyperparametersJson.WriteFloat(json, known);
        else
            json.WriteNullValue();
    }

    private static void WriteHyperparameters(Utf8JsonWriter json, string key, Hyperparameters? hyperparameters)
    {
        json.WritePropertyName(key);
        if (hyperparameters is null)
            json.WriteNullValue();
        else
            HyperparametersJson.Write(json, hyperparameters);
    }
}
