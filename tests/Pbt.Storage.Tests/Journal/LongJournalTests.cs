using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Storage.Journal;

namespace Pbt.Storage.Tests.Journal;

/// <summary>Journals of many blocks: transactions and lines that span them, and reading from the middle.</summary>
public sealed class LongJournalTests : IDisposable
{
    private const int Each = 10_000;
    private const int Transactions = 3;
    private readonly TemporaryStudy _study = new();

    public void Dispose() => _study.Dispose();

    [Fact]
    public async Task Any_part_of_a_long_journal_can_be_read()
    {
        await WriteAsync();
        await using var folded = JournalStore.Open(_study.Directory);
        Assert.Equal(Each, (await folded.TransactAsync(static t => t.State.Workers.Count)).Value);
        await using var fresh = JournalStore.Open(_study.Directory);

        foreach (var store in (JournalStore[])[folded, fresh, fresh])
        {
            foreach (var after in (long[])[0, 1, 9_999, 10_000, 17_345, (Each * Transactions) - 1, Each * Transactions])
            {
                var events = await JournalText.ReadAsync(store, after);
                Assert.Equal((Each * Transactions) - after, events.Count);
                Assert.All(events, (recorded, i) => Assert.Equal(after + i + 1, recorded.Version));
            }
        }

        Assert.Equal((Each * Transactions) + 1, await JournalText.AddAsync(folded, new StudyPaused()));
        Assert.Equal(new StudyPaused(), Assert.Single(await JournalText.ReadAsync(fresh, Each * Transactions)).Event);
    }

    [Fact]
    public async Task A_line_longer_than_a_block_is_read()
    {
        var reason = new string('ü', 5_000_000);
        await using (var store = JournalStore.Create(_study.Directory))
            await JournalText.AddAsync(store, new WorkerLost(new("w"), reason), JournalText.Join(1));

        await using var reopened = JournalStore.Open(_study.Directory);
        var waiting = reopened.WaitAsync(1).AsTask();
        var events = await JournalText.ReadAsync(reopened);

        Assert.Equal(new WorkerLost(new("w"), reason), events[0].Event);
        Assert.Equal(3, await JournalText.AddAsync(reopened, JournalText.Join(2)));
        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Damage_deep_in_a_long_journal_is_found_and_what_is_before_it_is_read()
    {
        await WriteAsync();
        var bytes = await File.ReadAllBytesAsync(_study.Journal);
        var at = bytes.Length * 5 / 6;
        bytes[at] ^= 1;
        await File.WriteAllBytesAsync(_study.Journal, bytes);
        var line = bytes.AsSpan(0, at).Count((byte)'\n') + 1;
        var start = bytes.AsSpan(0, at).LastIndexOf((byte)'\n') + 1;
        await using var store = JournalStore.Open(_study.Directory);

        List<RecordedEvent> before = [];
        var error = await Assert.ThrowsAsync<DamagedStoreException>(async () =>
        {
            await foreach (var recorded in store.ReadAsync(0))
                before.Add(recorded);
        });

        Assert.Equal(2 * Each, before.Count);
        Assert.Contains($"line {line}, byte {start}:", error.Message, StringComparison.Ordinal);
        Assert.Equal(error.Message, (await Assert.ThrowsAsync<DamagedStoreException>(() => JournalText.AddAsync(store, JournalText.Join(1)))).Message);
    }

    [Fact]
    public async Task A_journal_of_a_newer_format_is_refused_without_calling_it_damaged()
    {
        var created = JournalText.Seal("""{"version":1,"time":"2026-11-21T04:32:01.1234567Z","type":"study_created","data":{"spec":{"quantum":true},"format":2,"pbt_version":"9"}""");

        var error = await AssertNewerAsync(created);

        Assert.Contains("its format is 2, and this pbt knows formats up to 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_of_an_unknown_kind_is_refused_without_calling_it_damaged()
    {
        var unknown = JournalText.Seal("""{"version":2,"time":"2026-11-21T04:32:01.1234567Z","type":"study_teleported","data":{"to":"mars"}""");

        var error = await AssertNewerAsync([.. JournalText.Line(1, JournalText.Join(0)), .. unknown, .. JournalText.Line(3, JournalText.Join(1))]);

        Assert.Contains("line 2: there is no event 'study_teleported'", error.Message, StringComparison.Ordinal);
    }

    private async Task<InvalidRequestException> AssertNewerAsync(byte[] bytes)
    {
        await File.WriteAllBytesAsync(_study.Journal, bytes);
        await using var store = JournalStore.Open(_study.Directory);
        var error = await Assert.ThrowsAsync<InvalidRequestException>(() => JournalText.ReadAsync(store));
        await Assert.ThrowsAsync<InvalidRequestException>(() => JournalText.AddAsync(store, JournalText.Join(9)));
        Assert.Contains("newer pbt", error.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(_study.Journal));
        return error;
    }

    private async Task WriteAsync()
    {
        var host = new string('h', 300);
        await using var store = JournalStore.Create(_study.Directory);
        for (var transaction = 0; transaction < Transactions; transaction++)
        {
            var joins = Enumerable.Range(0, Each).Select(i => new WorkerJoined(new($"w{i}"), host, i, BootId: null, 0, 1));
            await JournalText.AddAsync(store, [.. joins]);
        }
    }
}
