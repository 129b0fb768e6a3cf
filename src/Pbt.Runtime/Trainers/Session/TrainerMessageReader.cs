using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Pbt.Runtime.Trainers.Session;

/// <summary>Reads the lines of a trainer.</summary>
/// <remarks>Pure.</remarks>
internal static class TrainerMessageReader
{
    /// <summary>The longest line, in bytes.</summary>
    public const int MaxBytes = TrainerResultReader.MaxBytes;

    /// <summary>The most members that a trainer may take at once.</summary>
    public const int MaxCapacity = 4096;

    private const int MaxReason = 4000;
    private const int MaxClient = 200;
    private static readonly TimeSpan LongestHeartbeat = TimeSpan.FromDays(1);
    private static readonly JsonReaderOptions Options = new() { MaxDepth = TrainerResultReader.MaxDepth };
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads one line, without its line feed.</summary>
    public static TrainerMessage Read(ReadOnlySpan<byte> line)
    {
        try
        {
            return Read(Envelope.Of(line), line);
        }
        catch (JsonException error)
        {
            return ReadPython(line, error);
        }
        catch (InvalidOperationException)
        {
            return NoText();
        }
    }

    /// <summary>Reads a line that is no JSON: perhaps only for the numbers that Python writes.</summary>
    private static TrainerMessage ReadPython(ReadOnlySpan<byte> line, JsonException error)
    {
        try
        {
            if (PythonNumbers.Quoted(Strict.GetString(line)) is { } quoted)
            {
                ReadOnlySpan<byte> bytes = Encoding.UTF8.GetBytes(quoted);
                return Read(Envelope.Of(bytes), bytes);
            }
        }
        catch (JsonException)
        {
            // It is reported as it came.
        }
        catch (Exception text) when (text is DecoderFallbackException or InvalidOperationException)
        {
            return NoText();
        }

        return new TrainerMessage.Broken($"a line is no JSON object: {error.Message.TrimEnd('.')}; it begins with {Begin(line)}");
    }

    private static TrainerMessage.Broken NoText() =>
        new("a line holds text that is not UTF-8, or half a character (an unpaired surrogate); write well-formed Unicode");

    private static TrainerMessage Read(in Envelope envelope, ReadOnlySpan<byte> line) => envelope.Type switch
    {
        null => new TrainerMessage.Broken($"a line has no \"type\"; it begins with {Begin(line)}"),
        "hello" => ReadHello(envelope),
        "progress" => envelope.Attempt.Number is { } attempt
            ? new TrainerMessage.Progress(attempt, line.Length <= ProgressLine.MaxBytes ? ReadReport(envelope, line) : null, line.Length)
            : Missing("progress", "attempt", "the integer of its \"start\""),
        "completed" => ReadEnding(envelope, line),
        "failed" => ReadEnding(envelope, line),
        "released" => ReadEnding(envelope, line),
        "heartbeat" => new TrainerMessage.Heartbeat(),
        _ => new TrainerMessage.Unknown(),
    };

    private static TrainerMessage ReadHello(in Envelope envelope)
    {
        if (envelope.Protocol.Number is not >= 1)
            return Missing("hello", "protocol", "1");

        if (envelope.Capacity.IsThere && envelope.Capacity.Number is not (>= 1 and <= MaxCapacity))
            return Missing("hello", "capacity", string.Create(CultureInfo.InvariantCulture, $"an integer from 1 to {MaxCapacity}"));

        if (envelope.Heartbeat is { } heartbeat && !(heartbeat > 0 && heartbeat <= LongestHeartbeat.TotalSeconds))
            return Missing("hello", "heartbeat_seconds", "a number of seconds above 0, at most a day");

        var client = envelope.Client is { Length: > MaxClient } longer ? longer[..MaxClient] : envelope.Client;
        return new TrainerMessage.Hello(
            (int)Math.Min(envelope.Protocol.Number.Value, int.MaxValue),
            (int)(envelope.Capacity.Number ?? 1),
            envelope.Heartbeat is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            client);
    }

    private static TrainerMessage ReadEnding(in Envelope envelope, ReadOnlySpan<byte> line)
    {
        var type = envelope.Type!;
        if (envelope.Attempt.Number is not { } attempt)
            return Missing(type, "attempt", "the integer of its \"start\"");

        if (envelope.Member.Number is not (>= 0 and <= int.MaxValue and var member))
            return Missing(type, "member", "the integer of its \"start\"");

        if (type is "completed")
            return new TrainerMessage.Completed(attempt, (int)member, Strict.GetString(line));

        var reason = envelope.Reason is { Length: > MaxReason } longer ? longer[..MaxReason] : envelope.Reason;
        if (type is "released")
            return new TrainerMessage.Released(attempt, (int)member, reason ?? string.Empty);

        return reason is null ? Missing(type, "reason", "a text") : new TrainerMessage.Failed(attempt, (int)member, reason);
    }

    /// <summary>The report as it is kept: the metrics, and the step beside them.</summary>
    private static JsonElement? ReadReport(in Envelope envelope, ReadOnlySpan<byte> line)
    {
        var metrics = line[envelope.Metrics].Trim((byte)' ');
        var inner = metrics.IsEmpty ? default : metrics[1..^1].Trim((byte)' ');
        if (!envelope.HasStep)
            return inner.IsEmpty ? null : ProgressLine.Read(metrics);

        var step = line[envelope.Step];
        if (inner.IsEmpty)
            return ProgressLine.Read([.. "{\"step\":"u8, .. step, .. "}"u8]);

        // A metric of that name is the trainer's own word.
        return inner.IndexOf("\"step\""u8) >= 0 && ProgressLine.Read(metrics) is { } own && own.TryGetProperty("step", out _)
            ? own
            : ProgressLine.Read([.. "{\"step\":"u8, .. step, .. ","u8, .. inner, .. "}"u8]);
    }

    private static TrainerMessage.Broken Missing(string type, string field, string what) =>
        new($"\"{field}\" of \"{type}\" is missing or is something else than {what}");

    private static string Begin(ReadOnlySpan<byte> line)
    {
        const int most = 60;
        var text = Encoding.UTF8.GetString(line[..Math.Min(line.Length, most)]);
        var shown = new string([.. text.Select(static c => char.IsControl(c) ? ' ' : c)]);
        return line.Length > most ? $"'{shown}'…" : $"'{shown}'";
    }

    /// <summary>A field that holds an integer, or should.</summary>
    private readonly record struct Integer(bool IsThere, long? Number);

    /// <summary>The fields of a line that matter here.</summary>
    private record struct Envelope
    {
        public string? Type { get; private set; }

        public Integer Attempt { get; private set; }

        public Integer Member { get; private set; }

        public Integer Protocol { get; private set; }

        public Integer Capacity { get; private set; }

        /// <summary>Not a number where it is something else.</summary>
        public double? Heartbeat { get; private set; }

        public string? Client { get; private set; }

        public string? Reason { get; private set; }

        public bool HasStep { get; private set; }

        /// <summary>Where the step's number stands in the line.</summary>
        public Range Step { get; private set; }

        /// <summary>Where the object with the metrics stands; empty if there is none.</summary>
        public Range Metrics { get; private set; }

        /// <summary>Reads the fields; those that come twice count as they come last.</summary>
        /// <exception cref="JsonException">The line is no JSON object.</exception>
        /// <exception cref="InvalidOperationException">A text is not well-formed.</exception>
        public static Envelope Of(ReadOnlySpan<byte> line)
        {
            var envelope = new Envelope();
            var reader = new Utf8JsonReader(line, Options);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                throw new JsonException("it is something else.");

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                envelope.Take(ref reader);

            // What follows the object makes the reader throw.
            while (reader.Read())
            {
            }

            return envelope;
        }

        private void Take(ref Utf8JsonReader reader)
        {
            if (reader.ValueTextEquals("type"u8))
                Type = Text(ref reader);
            else if (reader.ValueTextEquals("attempt"u8))
                Attempt = Whole(ref reader);
            else if (reader.ValueTextEquals("member"u8))
                Member = Whole(ref reader);
            else if (reader.ValueTextEquals("step"u8))
                TakeStep(ref reader);
            else if (reader.ValueTextEquals("metrics"u8))
                TakeMetrics(ref reader);
            else if (reader.ValueTextEquals("reason"u8))
                Reason = Text(ref reader);
            else if (reader.ValueTextEquals("protocol"u8))
                Protocol = Whole(ref reader);
            else if (reader.ValueTextEquals("capacity"u8))
                Capacity = Whole(ref reader);
            else if (reader.ValueTextEquals("heartbeat_seconds"u8))
                TakeHeartbeat(ref reader);
            else if (reader.ValueTextEquals("client"u8))
                Client = Text(ref reader);
            else
                Pass(ref reader);
        }

        private void TakeStep(ref Utf8JsonReader reader)
        {
            reader.Read();
            if (HasStep = reader.TokenType == JsonTokenType.Number)
                Step = (int)reader.TokenStartIndex..(int)reader.BytesConsumed;
            else
                reader.Skip();
        }

        private void TakeMetrics(ref Utf8JsonReader reader)
        {
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            var isObject = reader.TokenType == JsonTokenType.StartObject;
            reader.Skip();
            Metrics = isObject ? start..(int)reader.BytesConsumed : default;
        }

        private void TakeHeartbeat(ref Utf8JsonReader reader)
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.Null)
                return;

            Heartbeat = reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var seconds) ? seconds : double.NaN;
            reader.Skip();
        }

        private static string? Text(ref Utf8JsonReader reader)
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.String)
                return reader.GetString();

            reader.Skip();
            return null;
        }

        private static Integer Whole(ref Utf8JsonReader reader)
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var whole))
                return new(IsThere: true, whole);

            reader.Skip();
            return new(IsThere: reader.TokenType != JsonTokenType.Null, Number: null);
        }

        private static void Pass(ref Utf8JsonReader reader)
        {
            reader.Read();
            reader.Skip();
        }
    }
}
