using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Storage.Journal;
using Pbt.Testing;

namespace Pbt.Storage.Tests.Journal;

/// <summary>What a crash leaves at a journal's end is cut; what was acknowledged never is.</summary>
public sealed class TornTailTests : IDisposable
{
    private const int Sector = 512;
    private readonly TemporaryStudy _study = new();

    public void Dispose() => _study.Dispose();

    [Fact]
    public async Task A_journal_cut_at_any_byte_keeps_its_whole_transactions_and_goes_on()
    {
        var (bytes, transactions) = JournalText.Transactions(
            [JournalText.Join(0)], [JournalText.Join(1), JournalText.Join(2)], [JournalText.Join(3), JournalText.Join(4), JournalText.Join(5)]);
        for (var length = 0; length <= bytes.Length; length++)
        {
            var whole = transactions.LastOrDefault(t => t.End <= length);
            await File.WriteAllBytesAsync(_study.Journal, bytes[..length]);

            await using (var store = JournalStore.Open(_study.Directory))
            {
                Assert.Equal(whole.Events, (await JournalText.ReadAsync(store)).Count);
                Assert.Equal(length, new FileInfo(_study.Journal).Length);
                Assert.Equal(whole.Events + 1, await JournalText.AddAsync(store, JournalText.Join(99)));
                Assert.Equal(length - whole.End, store.Statistics.TornBytesCut);
            }

            await using var reopened = JournalStore.Open(_study.Directory);
            var events = await JournalText.ReadAsync(reopened);
            Assert.Equal([.. Enumerable.Range(0, whole.Events).Select(JournalText.Join), JournalText.Join(99)], events.Select(static e => e.Event));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(900)]
    public async Task Blocks_that_were_never_written_are_cut(int written)
    {
        var (bytes, transactions) = JournalText.Transactions([JournalText.Join(0)], [.. Enumerable.Range(1, 9).Select(JournalText.Join)]);
        var confirmed = transactions[0].End;

        // Of the last transaction so many bytes reached the disk, up to a sector's end; the file has its full length.
        var hole = written == 0 ? confirmed : (confirmed + written + Sector - 1) / Sector * Sector;
        bytes.AsSpan(hole).Clear();
        await File.WriteAllBytesAsync(_study.Journal, bytes);
        await using var store = JournalStore.Open(_study.Directory);

        Assert.Single(await JournalText.ReadAsync(store));
        Assert.Equal(2, await JournalText.AddAsync(store, JournalText.Join(1)));
        Assert.Equal(bytes.Length - confirmed, store.Statistics.TornBytesCut);
    }

    [Fact]
    public async Task A_hole_before_the_remains_of_its_transaction_is_cut()
    {
        var (bytes, transactions) = JournalText.Transactions([JournalText.Join(0)], [new WorkerLost(new("w"), new string('x', 3 * Sector)), JournalText.Join(1)]);
        bytes = bytes[..^1];
        bytes.AsSpan(Sector, Sector).Clear();
        await File.WriteAllBytesAsync(_study.Journal, bytes);
        await using var store = JournalStore.Open(_study.Directory);

        Assert.Equal(2, await JournalText.AddAsync(store, JournalText.Join(1)));
        Assert.Equal(bytes.Length - transactions[0].End, store.Statistics.TornBytesCut);
    }

    [Fact]
    public async Task A_hole_before_whole_lines_is_reported_with_the_byte_to_cut_at()
    {
        var (bytes, transactions) = JournalText.Transactions([JournalText.Join(0)], [new WorkerLost(new("w"), new string('x', 3 * Sector))], [JournalText.Join(1)]);
        bytes.AsSpan(Sector, Sector).Clear();

        var error = await AssertDamagedAsync(bytes);

        Assert.Contains($"line 2, byte {transactions[0].End}", error.Message, StringComparison.Ordinal);
        Assert.Contains($"truncate -s {transactions[0].End}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo was here\n")]
    [InlineData("echo was here")]
    [InlineData("\n")]
    [InlineData(" ")]
    [InlineData("\0")]
    [InlineData("{\"version\":3,\"time\":\"")]
    [InlineData("{\"version\":2,\"time\":\"2026\n")]
    public async Task What_pbt_did_not_append_is_not_cut(string appended)
    {
        var (bytes, _) = JournalText.Transactions([JournalText.Join(0)]);
        if (appended is "\0")
        {
            // One NUL where no sector begins; at a line's start it may be a block that was never written.
            bytes = [.. bytes, (byte)'{', 0, (byte)'}'];
        }

        await AssertDamagedAsync(appended is "\0" ? bytes : [.. bytes, .. System.Text.Encoding.UTF8.GetBytes(appended)]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    public async Task A_line_without_end_is_damage_and_not_taken_for_torn(string end)
    {
        var (bytes, _) = JournalText.Transactions([JournalText.Join(1)]);
        var beginning = System.Text.Encoding.UTF8.GetString(JournalLine.BeginningOf(2));
        var endless = System.Text.Encoding.UTF8.GetBytes(beginning + new string('x', JournalLine.MaxLength) + end);
        var error = await AssertDamagedAsync([.. bytes, .. endless]);
        Assert.Contains("line 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("longer than 16777216 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_takes_more_than_a_line_is_not_written()
    {
        await using var store = JournalStore.Create(_study.Directory);
        var error = await Assert.ThrowsAsync<InvalidRequestException>(
            () => JournalText.AddAsync(store, JournalText.Join(1), new WorkerLost(new("w1"), new string('x', JournalLine.MaxLength))));
        Assert.Contains("at most 16777216", error.Message, StringComparison.Ordinal);
        await JournalText.AddAsync(store, JournalText.Join(1));
        Assert.Single(await JournalText.ReadAsync(store));
    }

    [Fact]
    public async Task A_changed_byte_is_never_overlooked()
    {
        var events = new StudyEvent[][] { [.. ConformanceStudy.Creation()], [JournalText.Join(0)], [JournalText.Join(1), new StudyPaused()], [new StudyResumed()] };
        var (bytes, _) = JournalText.Transactions(events);
        foreach (var flip in (byte[])[0x01, 0x20, 0x80, 0xff])
        {
            for (var at = 0; at < bytes.Length; at++)
                await AssertRefusedAsync(bytes, at, (byte)(bytes[at] ^ flip));
        }

        for (var at = 0; at < bytes.Length; at++)
            await AssertRefusedAsync(bytes, at, 0);
    }

    [Fact]
    public async Task A_changed_byte_stops_writers_and_stays_as_it_is()
    {
        var (bytes, _) = JournalText.Transactions([JournalText.Join(0)], [JournalText.Join(1), new StudyPaused()], [new StudyResumed()]);
        for (var at = 0; at < bytes.Length; at += 7)
        {
            var changed = bytes.ToArray();
            changed[at] ^= 0x01;
            await AssertDamagedAsync(changed);
        }
    }

    [Fact]
    public async Task A_line_taken_out_or_repeated_is_damage()
    {
        var lines = Enumerable.Range(0, 4).Select(i => JournalText.Line(i + 1, JournalText.Join(i))).ToArray();

        var missing = await AssertDamagedAsync([.. lines[0], .. lines[2], .. lines[3]]);
        var repeated = await AssertDamagedAsync([.. lines[0], .. lines[1], .. lines[1], .. lines[2]]);

        Assert.Contains($"line 2, byte {lines[0].Length}: version 3 stands where 2 should", missing.Message, StringComparison.Ordinal);
        Assert.Contains("line 3", repeated.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_that_does_not_follow_is_damage()
    {
        var (bytes, transactions) = JournalText.Transactions([.. ConformanceStudy.Creation()], [JournalText.Join(0)], [new AttemptReleased(new(9), "there is none")]);
        await File.WriteAllBytesAsync(_study.Journal, bytes);
        await using var store = JournalStore.Open(_study.Directory);

        var error = await Assert.ThrowsAsync<DamagedStoreException>(() => JournalText.AddAsync(store, JournalText.Join(1)));

        Assert.Contains($"line 5, byte {transactions[1].End}", error.Message, StringComparison.Ordinal);
    }

    private async Task AssertRefusedAsync(byte[] bytes, int at, byte value)
    {
        if (bytes[at] == value)
            return;

        var changed = bytes.ToArray();
        changed[at] = value;
        await File.WriteAllBytesAsync(_study.Journal, changed);
        await using var store = JournalStore.Open(_study.Directory);
        var error = await Record.ExceptionAsync(() => JournalText.ReadAsync(store));
        Assert.True(error is DamagedStoreException, $"Byte {at} became {value}, and reading gave: {error?.Message ?? "no error"}");
    }

    private async Task<DamagedStoreException> AssertDamagedAsync(byte[] bytes)
    {
        await File.WriteAllBytesAsync(_study.Journal, bytes);
        await using var store = JournalStore.Open(_study.Directory);
        var error = await Assert.ThrowsAsync<DamagedStoreException>(() => JournalText.ReadAsync(store));
        Assert.Contains(_study.Journal, error.Message, StringComparison.Ordinal);
        for (var attempt = 0; attempt < 2; attempt++)
            await Assert.ThrowsAsync<DamagedStoreException>(() => JournalText.AddAsync(store, JournalText.Join(99)));

        Assert.Equal(bytes, await File.ReadAllBytesAsync(_study.Journal));
        return error;
    }
}
