using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pbt.Core.Population;

namespace Pbt.Storage.Journal;

/// <summary>One line of a journal: an event with its version, time and checksum.</summary>
/// <remarks>
/// <para>
/// <c>{"version":12,"time":"2026-11-21T04:32:01.1234567Z","type":"worker_left","data":{"worker":"w1"},"more":true,"checksum":"89abcdef"}</c>
/// and a newline. <c>more</c> is there when the line is not the last of its transaction. The checksum is the CRC-32C, as
/// eight lower-case hexadecimal digits, of the line's bytes before <c>,"checksum":</c>.
/// </para>
/// <para>
/// The envelope is read as strictly as it is written: these properties, in this order, without spaces. Only inside
/// <c>data</c> are unknown properties ignored. Half of a surrogate pair is written as U+FFFD.
/// </para>
/// </remarks>
internal static class JournalLine
{
    /// <summary>The longest line, in bytes: several times what the largest spec or result takes.</summary>
    public const int MaxLength = 16 << 20;

    private const int TimeLength = 28;
    private const int ChecksumDigits = 8;
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private static ReadOnlySpan<byte> ChecksumKey => ",\"checksum\":\""u8;

    private static ReadOnlySpan<byte> More => ",\"more\":true"u8;

    /// <summary>How many bytes the checksum and what follows it take, the newline not counted.</summary>
    public static int SuffixLength => ChecksumKey.Length + ChecksumDigits + "\"}"u8.Length;

    /// <summary>A writer for <see cref="Write"/>.</summary>
    public static Utf8JsonWriter CreateWriter(IBufferWriter<byte> buffer) => new(buffer, WriterOptions);

    /// <summary>Appends an event's line.</summary>
    public static void Write(ArrayBufferWriter<byte> buffer, Utf8JsonWriter json, RecordedEvent recorded, bool more)
    {
        var start = buffer.WrittenCount;
        json.Reset();
        json.WriteStartObject();
        json.WriteNumber("version"u8, recorded.Version);
        Span<byte> time = stackalloc byte[TimeLength];
        Utf8Formatter.TryFormat(recorded.Time.UtcDateTime, time, out _, new StandardFormat('O'));
        json.WriteString("time"u8, time);
        json.WriteString("type"u8, EventNames.Of(recorded.Event));
        json.WritePropertyName("data"u8);
        EventJson.Write(json, recorded.Event);
        if (more)
            json.WriteBoolean("more"u8, value: true);

        json.Flush();
        var checksum = Crc32C.Of(buffer.WrittenSpan[start..]);
        Span<byte> digits = stackalloc byte[ChecksumDigits];
        checksum.TryFormat(digits, out _, "x8", CultureInfo.InvariantCulture);
        json.WriteString("checksum"u8, digits);
        json.WriteEndObject();
        json.Flush();
        buffer.Write("\n"u8);
    }

    /// <summary>Whether the bytes end as a line does, with the right checksum.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> line)
    {
        var suffix = line.Length - SuffixLength;
        if (suffix < 0 || !line[suffix..].StartsWith(ChecksumKey) || !line.EndsWith("\"}"u8))
            return false;

        Span<byte> digits = stackalloc byte[ChecksumDigits];
        Crc32C.Of(line[..suffix]).TryFormat(digits, out _, "x8", CultureInfo.InvariantCulture);
        return line.Slice(suffix + ChecksumKey.Length, ChecksumDigits).SequenceEqual(digits);
    }

    /// <summary>Whether a whole line is not the last of its transaction.</summary>
    public static bool HasMore(ReadOnlySpan<byte> line) => line[..^SuffixLength].EndsWith(More);

    /// <summary>The version of a whole line, or 0 if it has none.</summary>
    public static long VersionOf(ReadOnlySpan<byte> line) =>
        line.StartsWith("{\"version\":"u8) && Utf8Parser.TryParse(line["{\"version\":"u8.Length..], out long version, out _) ? version : 0;

    /// <summary>What every line of this version begins with.</summary>
    public static byte[] BeginningOf(long version) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"version\":{version},\"time\":\""));

    /// <summary>Reads a line, without its newline.</summary>
    /// <exception cref="JsonException">It is not one that pbt writes; the message is a clause that says why.</exception>
    /// <exception cref="NewerJournalException">It is whole, and was written by a newer pbt.</exception>
    public static RecordedEvent Read(ReadOnlySpan<byte> line, TextPool pool, out bool more)
    {
        if (!IsWhole(line))
            throw new JsonException("its checksum does not fit its content");

        var rest = line[..^SuffixLength];
        Take(ref rest, "{\"version\":"u8);
        if (!Utf8Parser.TryParse(rest, out long version, out var length) || version < 1)
            throw new JsonException("it has no version");

        rest = rest[length..];
        Take(ref rest, ",\"time\":\""u8);
        if (!Utf8Parser.TryParse(rest, out DateTime time, out length, 'O') || length != TimeLength || time.Kind != DateTimeKind.Utc)
            throw new JsonException("it has no time");

        rest = rest[length..];
        Take(ref rest, "\",\"type\":\""u8);
        var name = rest[..Math.Max(0, rest.IndexOf((byte)'"'))];
        rest = rest[name.Length..];
        Take(ref rest, "\",\"data\":"u8);
        var type = EventNames.Find(name) ??
            throw new NewerJournalException($"there is no event '{Encoding.UTF8.GetString(name)}' in the formats up to {StudyCreated.CurrentFormat} that this pbt knows");
        more = rest.EndsWith(More);
        var happened = ReadData(more ? rest[..^More.Length] : rest, type, pool);
        return new(version, new DateTimeOffset(time), happened);
    }

    private static StudyEvent ReadData(ReadOnlySpan<byte> data, Type type, TextPool pool)
    {
        var json = new Utf8JsonReader(data);
        try
        {
            var happened = EventJson.Read(ref json, type, pool);
            return json.TokenType == JsonTokenType.EndObject && json.BytesConsumed == data.Length
                ? happened
                : throw new JsonException("something follows its data");
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or ArgumentException or OverflowException)
        {
            throw new JsonException($"its data is not that of its type: {e.Message}", e);
        }
    }

    private static void Take(ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> expected)
    {
        if (!rest.StartsWith(expected))
            throw new JsonException($"'{Encoding.UTF8.GetString(expected)}' is not where it should be");

        rest = rest[expected.Length..];
    }
}
