using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Npgsql;
using Pbt.Core.Population;
using Pbt.Storage.Journal;

namespace Pbt.Storage.Postgres;

/// <summary>One row of <c>pbt.events</c>: a line of a journal, taken apart.</summary>
/// <remarks>
/// The checksum is that of the line, so it covers the version, the time and the mark as well as the data; put together
/// again, the line is read and checked as a journal's is. The data is stored as text: jsonb would refuse <c>\u0000</c> and
/// write numbers in its own way.
/// </remarks>
internal readonly record struct EventRow(long Version, long Ticks, string Type, string Data, bool More, long Checksum)
{
    /// <summary>The columns in the order in which <see cref="EventRowReader"/> reads them.</summary>
    public const string Columns = "version, ticks, type, data, more, checksum";

    /// <summary>Takes a line apart, that <see cref="JournalLine.Write"/> wrote, without its newline.</summary>
    public static EventRow Of(ReadOnlySpan<byte> line, DateTimeOffset time)
    {
        var more = JournalLine.HasMore(line);
        var version = JournalLine.VersionOf(line);
        var rest = line[..^(JournalLine.SuffixLength + (more ? ",\"more\":true".Length : 0))];
        rest = rest[(rest.IndexOf(",\"type\":\""u8) + ",\"type\":\"".Length)..];
        var type = rest[..rest.IndexOf((byte)'"')];
        var data = rest[(type.Length + "\",\"data\":".Length)..];
        var checksum = uint.Parse(line[^10..^2], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return new(version, time.UtcTicks, Encoding.UTF8.GetString(type), Encoding.UTF8.GetString(data), more, checksum);
    }
}

/// <summary>Reads rows of <c>pbt.events</c> and checks them.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class EventRowReader(PostgresAddress address)
{
    private readonly TextPool _texts = new();
    private readonly ArrayBufferWriter<byte> _line = new(1024);

    /// <summary>The checksum of the row that was read last.</summary>
    public long Checksum { get; private set; }

    /// <summary>Whether the row that was read last is not the last of its transaction.</summary>
    public bool More { get; private set; }

    /// <summary>The row that was read last as a line of a journal, without its newline; valid until the next.</summary>
    public ReadOnlyMemory<byte> Line => _line.WrittenMemory;

    /// <summary>The row that a data reader stands on.</summary>
    /// <param name="rows">Has the <see cref="EventRow.Columns"/>.</param>
    /// <param name="expected">The version that it must have.</param>
    /// <exception cref="Core.Studies.DamagedStoreException">It is not the next one, or not what pbt wrote.</exception>
    public RecordedEvent Read(NpgsqlDataReader rows, long expected)
    {
        var version = rows.GetInt64(0);
        if (version != expected)
            throw PostgresErrors.Damaged(address, expected, FormattableString.Invariant($"version {version} stands where {expected} should"));

        More = rows.GetBoolean(4);
        Checksum = rows.GetInt64(5);
        Join(version, rows.GetInt64(1), rows.GetFieldValue<byte[]>(2), rows.GetFieldValue<byte[]>(3));
        try
        {
            return JournalLine.Read(_line.WrittenSpan, _texts, out _);
        }
        catch (NewerJournalException e)
        {
            throw PostgresErrors.Newer(address, FormattableString.Invariant($"event {version} of study '{address.Study}': {e.Message}"));
        }
        catch (JsonException e)
        {
            throw PostgresErrors.Damaged(address, version, e.Message, e);
        }
    }

    private void Join(long version, long ticks, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks || Checksum is < 0 or > uint.MaxValue)
            throw PostgresErrors.Damaged(address, version, "its time or its checksum is none");

        _line.ResetWrittenCount();
        Span<byte> text = stackalloc byte[32];
        _line.Write("{\"version\":"u8);
        Utf8Formatter.TryFormat(version, text, out var length);
        _line.Write(text[..length]);
        _line.Write(",\"time\":\""u8);
        Utf8Formatter.TryFormat(new DateTime(ticks, DateTimeKind.Utc), text, out length, new StandardFormat('O'));
        _line.Write(text[..length]);
        _line.Write("\",\"type\":\""u8);
        _line.Write(type);
        _line.Write("\",\"data\":"u8);
        _line.Write(data);
        if (More)
            _line.Write(",\"more\":true"u8);

        _line.Write(",\"checksum\":\""u8);
        ((uint)Checksum).TryFormat(text, out length, "x8", CultureInfo.InvariantCulture);
        _line.Write(text[..length]);
        _line.Write("\"}"u8);
    }
}
