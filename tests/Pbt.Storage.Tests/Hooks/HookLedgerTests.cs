using Pbt.Core.Studies;
using Pbt.Storage.Hooks;
using Pbt.Storage.Postgres;
using Pbt.Storage.Tests.Postgres;
using Pbt.Testing;

namespace Pbt.Storage.Tests.Hooks;

/// <summary>What every ledger of hooks promises.</summary>
public abstract class HookLedgerConformance
{
    /// <summary>A new ledger of a study, as another process would have it.</summary>
    protected abstract IHookLedger Another();

    /// <summary>A new ledger of a copy of the study.</summary>
    protected abstract IHookLedger OfCopy();

    [StoreFact]
    public async Task One_at_a_time_has_the_turn_and_the_next_knows_what_is_done()
    {
        var (first, second) = (Another(), Another());
        var turn = await first.TryTakeAsync();
        Assert.NotNull(turn);
        Assert.Equal(0, turn.Done);
        Assert.Null(await second.TryTakeAsync());
        Assert.Null(await first.TryTakeAsync());
        await turn.NoteAsync(9);
        await turn.NoteAsync(7);
        Assert.Equal(7, turn.Done);
        await turn.DisposeAsync();

        await using var next = await second.TryTakeAsync();
        Assert.Equal(7, next?.Done);
    }

    [StoreFact]
    public async Task A_copy_begins_where_the_source_came_to()
    {
        var copy = OfCopy();
        await using (var turn = await Another().TryTakeAsync())
            await turn!.NoteAsync(12);

        await HookLedgers.CarryAsync(Another(), copy);

        await using var next = await copy.TryTakeAsync();
        Assert.Equal(12, next?.Done);
    }
}

public sealed class MemoryHookLedgerTests : HookLedgerConformance
{
    private readonly MemoryHookLedger _ledger = new();

    protected override IHookLedger Another() => _ledger;

    protected override IHookLedger OfCopy() => new MemoryHookLedger();
}

public sealed class FileHookLedgerTests : HookLedgerConformance, IDisposable
{
    private readonly TemporaryStudy _study = new();
    private readonly TemporaryStudy _copy = new();

    [Fact]
    public async Task A_note_that_is_none_is_damage_and_says_what_to_do()
    {
        await (await Another().TryTakeAsync())!.DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(_study.Directory.Hooks, "done"), "soon\n");

        var error = await Assert.ThrowsAsync<DamagedStoreException>(async () => await Another().TryTakeAsync());

        Assert.Contains("remove it", error.Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(_study.Directory.Hooks, "done"));
        await using var turn = await Another().TryTakeAsync();
        Assert.Equal(0, turn?.Done);
    }

    [Fact]
    public async Task A_link_in_place_of_the_directory_is_not_followed()
    {
        Directory.CreateSymbolicLink(_study.Directory.Hooks, _copy.Directory.Root);

        await Assert.ThrowsAsync<DamagedStoreException>(async () => await Another().TryTakeAsync());

        Assert.Empty(Directory.EnumerateFileSystemEntries(_copy.Directory.Root));
    }

    public void Dispose()
    {
        _study.Dispose();
        _copy.Dispose();
    }

    protected override IHookLedger Another() => new FileHookLedger(_study.Directory);

    protected override IHookLedger OfCopy() => new FileHookLedger(_copy.Directory);
}

[NeedsPostgres]
public sealed class PostgresHookLedgerTests(SharedServer.Database database) : HookLedgerConformance, IClassFixture<SharedServer.Database>, IAsyncLifetime
{
    private readonly List<PostgresStudyStore> _stores = [];
    private readonly PostgresAddress? _address = PostgresServer.Missing is null ? database.NewStudy() : null;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var store in _stores)
            await store.DisposeAsync();
    }

    [PostgresFact]
    public async Task A_holder_that_was_silent_for_too_long_notes_nothing_any_more()
    {
        var turn = (await Another().TryTakeAsync())!;
        await turn.NoteAsync(3);
        await (await SharedServer.GetAsync()).QueryAsync("UPDATE pbt.hooks SET beat = clock_timestamp() - interval '31 seconds'", _address!.Database);

        await using var next = await Another().TryTakeAsync();

        Assert.Equal(3, next?.Done);
        await Assert.ThrowsAsync<TransientStoreException>(async () => await turn.NoteAsync(4));
        await turn.DisposeAsync();
        Assert.Null(await Another().TryTakeAsync());
    }

    protected override IHookLedger Another() => Open(_address!);

    protected override IHookLedger OfCopy() => Open(database.NewStudy());

    private PostgresHookLedger Open(PostgresAddress address)
    {
        var store = PostgresStudyStore.Create(address);
        _stores.Add(store);
        return store.Hooks;
    }
}
