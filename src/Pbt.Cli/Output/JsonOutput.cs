using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pbt.Core.Population;
using Pbt.Core.SearchSpaces;

namespace Pbt.Cli.Output;

/// <summary>Writes one JSON document to a text writer, and what many documents have in common.</summary>
internal static class JsonOutput
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a document, indented, with a line break at its end.</summary>
    public static void Write(TextWriter output, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
            write(writer);

        output.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    /// <summary>Writes a member's number, or null.</summary>
    public static void WriteMember(this Utf8JsonWriter writer, string name, MemberId? member)
    {
        if (member is { } known)
            writer.WriteNumber(name, known.Value);
        else
            writer.WriteNull(name);
    }

    /// <summary>Writes a number, or null.</summary>
    public static void WriteNumberOrNull(this Utf8JsonWriter writer, string name, double? number)
    {
        if (number is { } known)
            writer.WriteNumber(name, known);
        else
            writer.WriteNull(name);
    }

    /// <summary>Writes a whole number, or null.</summary>
    public static void WriteCountOrNull(this Utf8JsonWriter writer, string name, long? number)
    {
        if (number is { } known)
            writer.WriteNumber(name, known);
        else
            writer.WriteNull(name);
    }

    /// <summary>Writes hyperparameters as an object.</summary>
    public static void WriteHyperparameters(this Utf8JsonWriter writer, Hyperparameters hyperparameters)
    {
        writer.WritePropertyName("hyperparameters");
        HyperparametersJson.Write(writer, hyperparameters);
    }

    /// <summary>Writes what is known of an attempt into the object that is begun.</summary>
    public static void WriteAttempt(this Utf8JsonWriter writer, AttemptEntry attempt)
    {
        writer.WriteNumber("attempt", attempt.Id.Value);
        writer.WriteNumber("interval", attempt.Interval);
        writer.WriteString("worker", attempt.Worker.Value);
        writer.WriteString("started", attempt.Started);
        if (attempt.Ended is { } ended)
            writer.WriteString("ended", ended);
        else
            writer.WriteNull("ended");

        writer.WriteString("outcome", attempt.Outcome);
        writer.WriteString("reason", attempt.Reason);
    }

    /// <summary>Writes the measurements behind an interval's score.</summary>
    public static void WriteSamples(this Utf8JsonWriter writer, IntervalRecord record)
    {
        writer.WriteStartArray("samples");
        foreach (var sample in record.Samples)
            WriteMeasured(writer, sample);

        writer.WriteEndArray();
    }

    /// <summary>Writes an interval's other measurements.</summary>
    public static void WriteMetrics(this Utf8JsonWriter writer, IntervalRecord record)
    {
        writer.WriteStartObject("metrics");
        foreach (var (name, value) in record.Metrics)
        {
            writer.WritePropertyName(name);
            WriteMeasured(writer, value);
        }

        writer.WriteEndObject();
    }

    // JSON has no number for what is not finite.
    private static void WriteMeasured(Utf8JsonWriter writer, double number)
    {
        if (double.IsFinite(number))
            writer.WriteNumberValue(number);
        else
            writer.WriteStringValue(double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
    }
}
