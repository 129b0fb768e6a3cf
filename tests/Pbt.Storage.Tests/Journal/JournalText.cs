using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Pbt.Core.Population;
using Pbt.Storage.Journal;

namespace Pbt.Storage.Tests.Journal;

/// <summary>Makes journals by hand, so that tests can say what is wrong with them.</summary>
internal static class JournalText
{
    public static readonly DateTimeOffset Time = new DateTimeOffset(2026, 11, 21, 4, 32, 1, TimeSpan.Zero).AddTicks(1234567);

    /// <summary>One event as a line.</summary>
    public static byte[] Line(long version, StudyEvent happened, bool more = false)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = JournalLine.CreateWriter(buffer);
        JournalLine.Write(buffer, json, new(version, Time, happened), more);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Each array of events as one transaction, with the offsets at which they end.</summary>
    public static (byte[] Bytes, ImmutableArray<(int Events, int End)> Transactions) Transactions(params StudyEvent[][] transactions)
    {
        List<byte> bytes = [];
        var ends = ImmutableArray.CreateBuilder<(int, int)>();
        var version = 0;
        foreach (var transaction in transactions)
        {
            for (var i = 0; i < transaction.Length; i++)
                bytes.AddRange(Line(++version, transaction[i], more: i < transaction.Length - 1));

            ends.Add((version, bytes.Count));
        }

        return ([.. bytes], ends.ToImmutable());
    }

    /// <summary>A line with a fitting checksum, whatever it says.</summary>
    public static byte[] Seal(string beginning)
    {
        var checksum = Crc32C.Of(Encoding.UTF8.GetBytes(beginning)).ToString("x8", CultureInfo.InvariantCulture);
        return Encoding.UTF8.GetBytes($"{beginning},\"checksum\":\"{checksum}\"}}\n");
    }

    public static StudyEvent Join(int number) => new WorkerJoined(new($"w{number}"), "host", number, BootId: null, 0, 1);

    public static async Task<List<RecordedEvent>> ReadAsync(IStudyStore store, long afterVersion = 0)
    {
        List<RecordedEvent> events = [];
        await foreach (var recorded in store.ReadAsync(afterVersion))
            events.Add(recorded);

        return events;
    }

    public static async Task<long> AddAsync(IStudyStore store, params StudyEvent[] events) => (await store.TransactAsync(transaction =>
    {
        foreach (var happened in events)
            transaction.Add(happened);

        return 0;
    })).Version;
}
