using Pbt.Core.Studies;
using Pbt.Storage.Postgres;
using Pbt.Storage.Tests.Journal;
using Pbt.Testing;

namespace Pbt.Storage.Tests.Postgres;

/// <summary>The tables: how they come to be, and what is made of others than pbt's.</summary>
public sealed class PostgresSchemaTests : IAsyncLifetime
{
    private PostgresServer? _server;
    private PostgresAddress? _address;

    private PostgresServer Server => _server!;

    private PostgresAddress Address => _address!;

    public async Task InitializeAsync()
    {
        if (PostgresServer.Missing is not null)
            return;

        _server = await SharedServer.GetAsync();
        _address = PostgresAddress.Parse(await Server.CreateDatabaseAsync());
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [PostgresFact]
    public async Task A_database_of_any_older_number_is_brought_up_to_date_and_keeps_its_events()
    {
        await using (var database = new PostgresDatabase(Address, create: true))
        {
            await using var connection = await database.ConnectAsync();
            await PostgresSchema.MigrateAsync(connection, Address, upTo: 1, create: true, CancellationToken.None);
        }

        Assert.Equal("1", await QueryAsync("SELECT max(number) FROM pbt.migrations"));
        await QueryAsync("INSERT INTO pbt.studies (name) VALUES ('study'); INSERT INTO pbt.heads SELECT id, 0 FROM pbt.studies");
        await using var store = PostgresStudyStore.Open(Address);
        await JournalText.AddAsync(store, JournalText.Join(0));
        await store.Workers.WriteAsync("w", 7);

        Assert.Equal(7, (await store.Workers.ReadAllAsync())["w"]);
        Assert.Single(await JournalText.ReadAsync(store));
        Assert.Equal("1,2,3", await QueryAsync("SELECT string_agg(number::text, ',' ORDER BY number) FROM pbt.migrations"));
    }

    [PostgresFact]
    public async Task Many_that_start_at_once_make_the_tables_once()
    {
        var stores = Enumerable.Range(0, 12).Select(_ => PostgresStudyStore.Create(Address)).ToList();
        await Task.WhenAll(stores.Select(static (store, i) => JournalText.AddAsync(store, JournalText.Join(i))));

        Assert.Equal(12, (await JournalText.ReadAsync(stores[0])).Count);
        Assert.Equal("1", await QueryAsync("SELECT count(*) FROM pbt.studies"));
        foreach (var store in stores)
            await store.DisposeAsync();
    }

    [PostgresFact]
    public async Task What_a_newer_pbt_has_written_is_refused()
    {
        await using var store = await CreateAsync(events: 1);
        await QueryAsync("INSERT INTO pbt.migrations (number) VALUES (99)");
        await using var other = PostgresStudyStore.Open(Address);
        var error = await Assert.ThrowsAsync<InvalidRequestException>(() => JournalText.ReadAsync(other));
        Assert.Contains("migration 99", error.Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_role_that_may_only_read_can_read()
    {
        await using var store = await CreateAsync(events: 2);
        await QueryAsync("CREATE ROLE reader LOGIN; GRANT USAGE ON SCHEMA pbt TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA pbt TO reader");
        await using var reading = PostgresStudyStore.Open(Address with { User = "reader" });
        Assert.Equal(2, (await JournalText.ReadAsync(reading)).Count);
        await Assert.ThrowsAsync<InvalidRequestException>(() => JournalText.AddAsync(reading, JournalText.Join(5)));
    }

    [PostgresTheory]
    [InlineData("UPDATE pbt.events SET data = replace(data, 'host', 'hose') WHERE version = 2", "event 2")]
    [InlineData("UPDATE pbt.events SET ticks = ticks + 1 WHERE version = 2", "event 2")]
    [InlineData("UPDATE pbt.events SET more = true WHERE version = 2", "event 2")]
    [InlineData("UPDATE pbt.events SET checksum = 7 WHERE version = 2", "event 2")]
    [InlineData("DELETE FROM pbt.events WHERE version = 2", "event 2")]
    [InlineData("DELETE FROM pbt.events WHERE version = 3", "event 3")]
    public async Task Every_change_from_outside_is_damage_that_names_the_event(string change, string saying)
    {
        await using var store = await CreateAsync(events: 3);
        await QueryAsync(change);
        await using var reading = PostgresStudyStore.Open(Address);
        var read = await Assert.ThrowsAsync<DamagedStoreException>(() => JournalText.ReadAsync(reading));
        Assert.Contains(saying, read.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<DamagedStoreException>(() => JournalText.AddAsync(reading, JournalText.Join(9)));
        Assert.Equal("3", await QueryAsync("SELECT version FROM pbt.heads"));
    }

    [PostgresFact]
    public async Task A_database_that_was_restored_from_an_older_copy_under_a_running_store_is_noticed()
    {
        await using var store = await CreateAsync(events: 3);
        await QueryAsync("DELETE FROM pbt.events WHERE version = 3; UPDATE pbt.heads SET version = 2");
        await using (var other = PostgresStudyStore.Open(Address))
            await JournalText.AddAsync(other, JournalText.Join(7));

        await Assert.ThrowsAsync<DamagedStoreException>(() => JournalText.AddAsync(store, JournalText.Join(9)));
    }

    [PostgresFact]
    public async Task A_transaction_that_only_reads_writes_nothing()
    {
        await using var store = await CreateAsync(events: 1);
        await store.TransactAsync(static t => t.State.Version);
        var rows = await QueryAsync("SELECT xmin || ' ' || ctid FROM pbt.heads");
        await store.TransactAsync(static t => t.State.Version);
        Assert.Equal(rows, await QueryAsync("SELECT xmin || ' ' || ctid FROM pbt.heads"));
    }

    private async Task<PostgresStudyStore> CreateAsync(int events)
    {
        var store = PostgresStudyStore.Create(Address);
        for (var i = 0; i < events; i++)
            await JournalText.AddAsync(store, JournalText.Join(i));

        return store;
    }

    private Task<string> QueryAsync(string sql) => Server.QueryAsync(sql, Address.Database);
}
