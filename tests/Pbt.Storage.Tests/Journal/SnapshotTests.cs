using System.Buffers.Binary;
using Pbt.Core.Population;
using Pbt.Core.Population.Snapshots;
using Pbt.Core.Studies;
using Pbt.Storage.Journal;
using Pbt.Storage.Journal.Snapshots;

namespace Pbt.Storage.Tests.Journal;

/// <summary>A snapshot makes opening faster and changes nothing else, whatever becomes of it.</summary>
public sealed class SnapshotTests : IDisposable
{
    private const int Intervals = 100;
    private readonly TemporaryStudy _study = new();

    private StudyDirectory Directory => _study.Directory;

    public void Dispose() => _study.Dispose();

    [Fact]
    public async Task A_committer_leaves_snapshots_as_the_log_grows_and_a_new_store_begins_at_one()
    {
        await SnapshotStudy.WriteAsync(Directory, Intervals);

        var version = SnapshotStudy.Version(Directory);
        Assert.InRange(version, 604 * 3 / 4, 604);
        Assert.True(SnapshotStudy.IsUsed(Directory));
        await SnapshotStudy.AssertLoadsAsync(Directory);

        // What lies before the snapshot is not read: the study goes on although it is damaged there.
        Damage(Directory.Journal, 5000);
        await using var store = SnapshotStudy.Open(Directory);
        await SnapshotStudy.WorkAsync(store, 1);
        Assert.Equal(Intervals + 1, (await store.LoadAsync()).Members[0].Intervals);
        await Assert.ThrowsAsync<DamagedStoreException>(() => JournalText.ReadAsync(store));
        Assert.All(await JournalText.ReadAsync(SnapshotStudy.Open(Directory), version + 1), static r => Assert.NotNull(r.Event));
    }

    [Fact]
    public async Task A_reader_leaves_a_snapshot_where_it_folded_much()
    {
        await SnapshotStudy.WriteAsync(Directory, Intervals, SnapshotStudy.Never);
        Assert.False(File.Exists(Directory.Snapshot));

        await using var store = SnapshotStudy.Open(Directory);
        await store.LoadAsync();

        Assert.Equal(604, SnapshotStudy.Version(Directory));
        await SnapshotStudy.AssertLoadsAsync(Directory);
    }

    [Fact]
    public async Task A_decision_that_fails_is_taken_back_from_a_snapshot()
    {
        await SnapshotStudy.WriteAsync(Directory, Intervals);
        Damage(Directory.Journal, 5000);
        await using var store = SnapshotStudy.Open(Directory);
        await SnapshotStudy.WorkAsync(store, 1);

        await Assert.ThrowsAsync<FormatException>(async () => await store.TransactAsync<int>(static t =>
        {
            t.Add(new StudyPaused());
            throw new FormatException("on purpose");
        }));

        Assert.Equal((StudyPhase.Running, 610L), (await store.TransactAsync(static t => (t.State.Phase, t.State.Version))).Value);
        await SnapshotStudy.WorkAsync(store, 1);
    }

    [Fact]
    public async Task A_torn_tail_is_cut_by_a_store_that_begins_at_a_snapshot()
    {
        await SnapshotStudy.WriteAsync(Directory, Intervals);
        await using (var append = new FileStream(Directory.Journal, FileMode.Append))
            append.Write("{\"version\":605,\"time\":\"2026"u8);

        var before = await SnapshotStudy.AssertLoadsAsync(Directory);
        Assert.Equal(604, before.Version);
        await using var store = SnapshotStudy.Open(Directory);
        await SnapshotStudy.WorkAsync(store, 1);
        Assert.True(store.Statistics.TornBytesCut > 0);
        Assert.Equal(610, (await SnapshotStudy.AssertLoadsAsync(Directory)).Version);
    }

    [Fact]
    public async Task Damage_after_the_snapshot_is_named_by_its_byte()
    {
        await SnapshotStudy.WriteAsync(Directory, Intervals);
        await SnapshotStudy.AssertLoadsAsync(Directory, SnapshotStudy.Soon);
        await using (var store = SnapshotStudy.Open(Directory, SnapshotStudy.Never))
            await SnapshotStudy.WorkAsync(store, 5);

        var bytes = await File.ReadAllBytesAsync(Directory.Journal);
        var start = bytes.AsSpan(0, bytes.Length - 1000).LastIndexOf((byte)'\n') + 1;
        Damage(Directory.Journal, bytes.Length - 990);

        await using var damaged = SnapshotStudy.Open(Directory);
        var error = await Assert.ThrowsAsync<DamagedStoreException>(async () => await damaged.LoadAsync());
        Assert.Contains($"byte {start}:", error.Message, StringComparison.Ordinal);
        Assert.Equal(error.Message, (await Assert.ThrowsAsync<DamagedStoreException>(() => JournalText.ReadAsync(damaged))).Message);
    }

    [Fact]
    public async Task A_snapshot_with_any_byte_flipped_or_any_length_is_ignored_and_replaced()
    {
        await SnapshotStudy.WriteAsync(Directory, Intervals);
        var good = await File.ReadAllBytesAsync(Directory.Snapshot);
        var expected = StudySnapshot.Encode(await SnapshotStudy.AssertLoadsAsync(Directory)).ToArray();
        foreach (var at in Enumerable.Range(0, SnapshotHeader.Size).Concat(Enumerable.Range(0, 150).Select(i => SnapshotHeader.Size + (int)((good.Length - SnapshotHeader.Size) * (i / 150.0)))))
        {
            var damaged = good.ToArray();
            damaged[at] ^= (byte)(1 << (at % 8));
            await AssertIgnoredAsync(damaged, expected, $"with byte {at} flipped");
        }

        foreach (var length in (int[])[0, 1, 8, 127, 128, 129, good.Length / 2, good.Length - 1])
            await AssertIgnoredAsync(good[..length], expected, $"of {length} bytes");

        await AssertIgnoredAsync([.. good, 0], expected, "with a byte more");
        await AssertIgnoredAsync([.. good.AsSpan(0, 128), .. new byte[good.Length - 128]], expected, "with a hole");
    }

    [Fact]
    public async Task A_snapshot_of_another_build_or_format_is_ignored()
    {
        await SnapshotStudy.WriteAsync(Directory, Intervals);
        var good = await File.ReadAllBytesAsync(Directory.Snapshot);
        var expected = StudySnapshot.Encode(await SnapshotStudy.AssertLoadsAsync(Directory)).ToArray();
        foreach (var at in (int[])[0, 8, 12, 27, 28, 43])
        {
            var other = good.ToArray();
            other[at]++;
            await AssertIgnoredAsync(Resealed(other), expected, $"whose byte {at} is another");
        }
    }

    [Fact]
    public async Task A_snapshot_that_is_whole_but_not_the_journals_fold_is_put_aside_where_it_shows()
    {
        // Two logs of the same length in bytes and events, of which one says that its last attempt is still running.
        await SnapshotStudy.WriteAsync(Directory, Intervals, SnapshotStudy.Never);
        using var journal = JournalFile.Open(Directory.Journal, writable: false);
        var log = await JournalText.ReadAsync(SnapshotStudy.Open(Directory));
        var other = StudyState.Fold(log.Take(304));
        for (var version = 305; version <= 307; version++)
            other.Apply(new(version, log[version - 1].Time, new StudyPaused()));

        var bytes = await File.ReadAllBytesAsync(Directory.Journal);
        var end = EndOfLine(bytes, 307);
        var payload = StudySnapshot.Encode(other);
        var header = new SnapshotHeader(new(307, end), LineMark.OfFirst(journal)!.Value, LineMark.OfLast(bytes.AsSpan(0, end), 0), payload.Length, Crc32C.Of(payload.Span));
        await File.WriteAllBytesAsync(Directory.Snapshot, [.. header.ToBytes(), .. payload.Span]);
        Assert.True(SnapshotStudy.IsUsed(Directory));

        await SnapshotStudy.AssertLoadsAsync(Directory, SnapshotStudy.Soon);
        Assert.Equal(604, SnapshotStudy.Version(Directory));
        await using var store = SnapshotStudy.Open(Directory);
        await SnapshotStudy.WorkAsync(store, 1);
    }

    [Fact]
    public async Task A_check_says_whether_the_snapshot_is_the_fold()
    {
        Assert.Null(SnapshotCheck.Open(Directory));
        await SnapshotStudy.WriteAsync(Directory, Intervals);
        Assert.True(Check());

        var bytes = await File.ReadAllBytesAsync(Directory.Snapshot);
        var state = StudySnapshot.Decode(bytes.AsMemory(SnapshotHeader.Size))!;
        state.Apply(new(state.Version + 1, state.LastTime, new StudyPaused()));
        bytes = [.. bytes.AsSpan(0, SnapshotHeader.Size), .. StudySnapshot.Encode(state).Span];
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(92), bytes.Length - SnapshotHeader.Size);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(96), Crc32C.Of(bytes.AsSpan(SnapshotHeader.Size)));
        await File.WriteAllBytesAsync(Directory.Snapshot, Resealed(bytes));

        Assert.False(Check());

        bool? Check()
        {
            var check = SnapshotCheck.Open(Directory)!;
            var fold = new StudyState();
            foreach (var recorded in JournalText.ReadAsync(SnapshotStudy.Open(Directory)).GetAwaiter().GetResult())
            {
                Assert.Equal(fold.Version < check.Version, check.Agrees is null);
                fold.Apply(recorded);
                check.Note(fold);
            }

            return check.Agrees;
        }
    }

    private async Task AssertIgnoredAsync(byte[] snapshot, byte[] expected, string what)
    {
        await File.WriteAllBytesAsync(Directory.Snapshot, snapshot);
        await using (var store = SnapshotStudy.Open(Directory, SnapshotStudy.Never))
        {
            Assert.False(SnapshotStudy.IsUsed(Directory), $"A snapshot {what} was used.");
            Assert.True(StudySnapshot.Encode(await store.LoadAsync()).Span.SequenceEqual(expected), $"With a snapshot {what} another state was loaded.");
            Assert.Equal(604, (await store.TransactAsync(static t => t.State.Version)).Value);
        }

        await using var next = SnapshotStudy.Open(Directory);
        await next.LoadAsync();
        Assert.True(SnapshotStudy.IsUsed(Directory), $"A snapshot {what} was not replaced.");
    }

    private static byte[] Resealed(byte[] snapshot)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(snapshot.AsSpan(SnapshotHeader.Size - 4), Crc32C.Of(snapshot.AsSpan(0, SnapshotHeader.Size - 4)));
        return snapshot;
    }

    private static int EndOfLine(byte[] bytes, int line)
    {
        var end = 0;
        for (; line > 0; line--)
            end += bytes.AsSpan(end).IndexOf((byte)'\n') + 1;

        return end;
    }

    private static void Damage(string path, int at)
    {
        using var file = new FileStream(path, FileMode.Open);
        file.Position = at;
        var value = file.ReadByte();
        file.Position = at;
        file.WriteByte((byte)(value ^ 1));
    }
}
