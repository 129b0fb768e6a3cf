using Pbt.Core.Studies;
using Pbt.Storage.Journal;

namespace Pbt.Storage.Tests.Journal;

/// <summary>When the storage fails, callers are told, nothing half-done stays, and the store goes on when it is mended.</summary>
public sealed class JournalFaultTests : IDisposable
{
    private readonly TemporaryStudy _study = new();
    private readonly HashSet<JournalOperation> _failing = [];
    private int _error = Posix.InputOutputError;

    public void Dispose() => _study.Dispose();

    [Theory]
    [InlineData(nameof(JournalOperation.Lock))]
    [InlineData(nameof(JournalOperation.Write))]
    [InlineData(nameof(JournalOperation.Sync))]
    public async Task What_failed_is_not_in_the_log_and_the_store_goes_on(string operation)
    {
        await using var store = Open();
        await JournalText.AddAsync(store, JournalText.Join(0));
        var length = new FileInfo(_study.Journal).Length;
        _failing.Add(Enum.Parse<JournalOperation>(operation));

        await Assert.ThrowsAsync<TransientStoreException>(() => JournalText.AddAsync(store, JournalText.Join(1)));
        await Assert.ThrowsAsync<TransientStoreException>(() => JournalText.AddAsync(store, JournalText.Join(2), JournalText.Join(3)));

        Assert.Equal(length, new FileInfo(_study.Journal).Length);
        Assert.Single(await JournalText.ReadAsync(store));
        _failing.Clear();
        Assert.Equal((1, 1), (await store.TransactAsync(static t => ((int)t.State.Version, t.State.Workers.Count))).Value);
        Assert.Equal(2, await JournalText.AddAsync(store, JournalText.Join(4)));
        Assert.Equal([JournalText.Join(0), JournalText.Join(4)], (await JournalText.ReadAsync(store)).Select(static e => e.Event));
    }

    [Fact]
    public async Task All_transactions_of_a_batch_fail_with_it_even_those_that_add_nothing()
    {
        await using var store = Open();
        _failing.Add(JournalOperation.Sync);
        using var gate = new ManualResetEventSlim();
        var blocking = store.TransactAsync(_ => gate.Wait(TimeSpan.FromSeconds(30))).AsTask();
        var adding = JournalText.AddAsync(store, JournalText.Join(0));
        var looking = store.TransactAsync(static t => t.State.Version).AsTask();
        var throwing = store.TransactAsync<int>(static _ => throw new FormatException("on purpose")).AsTask();
        gate.Set();

        await Assert.ThrowsAsync<TransientStoreException>(() => blocking);
        await Assert.ThrowsAsync<TransientStoreException>(() => adding);
        await Assert.ThrowsAsync<TransientStoreException>(() => looking);
        await Assert.ThrowsAsync<FormatException>(() => throwing);
    }

    [Fact]
    public async Task What_could_not_even_be_cut_back_counts_once_it_is_read_again()
    {
        await using var store = Open();
        await JournalText.AddAsync(store, JournalText.Join(0));
        _failing.UnionWith([JournalOperation.Sync, JournalOperation.Truncate]);
        await Assert.ThrowsAsync<TransientStoreException>(() => JournalText.AddAsync(store, JournalText.Join(1)));
        _failing.Clear();

        Assert.Equal(3, await JournalText.AddAsync(store, JournalText.Join(2)));
        Assert.Equal([JournalText.Join(0), JournalText.Join(1), JournalText.Join(2)], (await JournalText.ReadAsync(store)).Select(static e => e.Event));
    }

    [Theory]
    [InlineData(Posix.NoSpace, "no space left")]
    [InlineData(Posix.QuotaExceeded, "no space left")]
    [InlineData(Posix.ReadOnlyFileSystem, "read-only")]
    [InlineData(Posix.InputOutputError, "storage reports an error")]
    public async Task The_message_says_what_is_wrong_and_where(int error, string words)
    {
        await using var store = Open();
        _error = error;
        _failing.Add(JournalOperation.Write);

        var thrown = await Assert.ThrowsAsync<TransientStoreException>(() => JournalText.AddAsync(store, JournalText.Join(1)));

        Assert.Contains(words, thrown.Message, StringComparison.Ordinal);
        Assert.Contains(_study.Journal, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_journal_that_became_shorter_is_damage_for_good()
    {
        await using var store = Open();
        await JournalText.AddAsync(store, JournalText.Join(0));
        var length = new FileInfo(_study.Journal).Length;
        await JournalText.AddAsync(store, JournalText.Join(1));
        Cut(length);

        await Assert.ThrowsAsync<DamagedStoreException>(() => JournalText.AddAsync(store, JournalText.Join(2)));
        await Assert.ThrowsAsync<DamagedStoreException>(() => JournalText.AddAsync(store, JournalText.Join(2)));
        await Assert.ThrowsAsync<DamagedStoreException>(() => JournalText.ReadAsync(store));
        Assert.Equal(length, new FileInfo(_study.Journal).Length);
    }

    [Fact]
    public async Task A_journal_that_became_shorter_after_a_failure_is_damage_too()
    {
        await using var store = Open();
        await JournalText.AddAsync(store, JournalText.Join(0));
        var length = new FileInfo(_study.Journal).Length;
        await JournalText.AddAsync(store, JournalText.Join(1));
        _failing.Add(JournalOperation.Sync);
        await Assert.ThrowsAsync<TransientStoreException>(() => JournalText.AddAsync(store, JournalText.Join(2)));
        _failing.Clear();
        Cut(length);

        await Assert.ThrowsAsync<DamagedStoreException>(() => JournalText.AddAsync(store, JournalText.Join(2)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_journal_that_was_removed_or_replaced_is_damage(bool replaced)
    {
        await using var store = Open();
        await JournalText.AddAsync(store, JournalText.Join(0));
        var copy = _study.Journal + ".copy";
        File.Copy(_study.Journal, copy);
        if (replaced)
            File.Move(copy, _study.Journal, overwrite: true);
        else
            File.Delete(_study.Journal);

        var error = await Assert.ThrowsAsync<DamagedStoreException>(() => JournalText.AddAsync(store, JournalText.Join(1)));
        Assert.Contains("removed or replaced", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Transactions_that_wait_together_share_one_sync()
    {
        const int Waiting = 50;
        await using var store = Open();
        using var gate = new ManualResetEventSlim();
        var blocking = store.TransactAsync(_ => gate.Wait(TimeSpan.FromSeconds(30))).AsTask();
        var calls = Enumerable.Range(0, Waiting).Select(i => JournalText.AddAsync(store, JournalText.Join(i))).ToList();
        gate.Set();

        Assert.Equal(Enumerable.Range(1, Waiting).Select(static i => (long)i), await Task.WhenAll(calls));
        await blocking;
        Assert.Equal((Waiting + 1, 1, 1), (store.Statistics.Transactions, store.Statistics.Batches, store.Statistics.Syncs));
        Assert.Equal(new FileInfo(_study.Journal).Length, store.Statistics.BytesWritten);
    }

    [Fact]
    public async Task A_directory_without_a_journal_has_no_study()
    {
        var error = Assert.Throws<InvalidRequestException>(() => JournalStore.Open(_study.Directory));
        Assert.Contains("There is no study", error.Message, StringComparison.Ordinal);

        await using var created = JournalStore.Create(new StudyDirectory(Path.Combine(_study.Directory.Root, "a", "b")));
        Assert.Equal(1, await JournalText.AddAsync(created, JournalText.Join(0)));
    }

    private void Cut(long length)
    {
        using var file = File.OpenWrite(_study.Journal);
        file.SetLength(length);
    }

    private JournalStore Open()
    {
        File.WriteAllBytes(_study.Journal, []);
        return new(_study.Journal, TimeProvider.System, operation => _failing.Contains(operation) ? _error : 0);
    }
}
