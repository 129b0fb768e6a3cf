using System.Diagnostics;
using System.Globalization;
using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Storage.Postgres;
using Pbt.Storage.Tests.Journal;
using Pbt.Testing;

namespace Pbt.Storage.Tests.Postgres;

/// <summary>What the server and the network do to a store. Each test has a server of its own.</summary>
public sealed class PostgresFaultTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private PostgresServer? _server;

    private PostgresServer Server => _server!;

    public async Task InitializeAsync() => _server = PostgresServer.Missing is null ? await PostgresServer.StartNewAsync() : null;

    public async Task DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    [PostgresFact]
    public async Task Processes_exclude_each_other_and_a_killed_server_loses_nothing_acknowledged()
    {
        const int Hosts = 4, Each = 300, Kills = 3;
        var address = await Server.CreateDatabaseAsync();
        await using var store = PostgresStudyStore.Create(PostgresAddress.Parse(address));
        await store.ConnectAsync();
        var acknowledged = 0;
        var hosts = Enumerable.Range(0, Hosts).Select(i => RunAsync(address, $"host{i}", Each, () => Interlocked.Increment(ref acknowledged))).ToList();
        var victim = RunAsync(address, "victim", int.MaxValue, () => 0, killAfter: Each);

        for (var kill = 1; kill <= Kills; kill++)
        {
            var due = kill * Hosts * Each / (Kills + 1);
            await UntilAsync(() => Volatile.Read(ref acknowledged) >= due);
            await Server.KillAsync();
            await Server.StartAsync();
        }

        var all = (await Task.WhenAll([.. hosts, victim]).WaitAsync(Patience)).SelectMany(static a => a).ToList();
        var events = (await JournalText.ReadAsync(store)).ConvertAll(static e => (e.Version, Event: (WorkerJoined)e.Event));
        Assert.All(events, static (e, i) => Assert.Equal((i + 1, i), (e.Version, e.Event.Pid)));
        Assert.Equal(events.Count, events.DistinctBy(static e => e.Event.Worker).Count());
        Assert.Equal(Hosts * Each, events.Count(static e => e.Event.Worker.Value.StartsWith("host", StringComparison.Ordinal)));
        var present = events.Select(static e => e.Event.Worker.Value).ToHashSet(StringComparer.Ordinal);
        Assert.All(all, worker => Assert.Contains(worker, present));
    }

    [PostgresFact]
    public async Task A_connection_cut_in_the_middle_of_a_transaction_changes_nothing()
    {
        await using var store = PostgresStudyStore.Create(PostgresAddress.Parse(await Server.CreateDatabaseAsync()));
        await JournalText.AddAsync(store, JournalText.Join(0));

        await Assert.ThrowsAsync<TransientStoreException>(async () => await store.TransactAsync(t =>
        {
            t.Add(JournalText.Join(1));
            Server.QueryAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pbt'").GetAwaiter().GetResult();
            return 0;
        }));

        Assert.Equal(2, await JournalText.AddAsync(store, JournalText.Join(2)));
        Assert.Equal([JournalText.Join(0), JournalText.Join(2)], (await JournalText.ReadAsync(store)).Select(static e => e.Event));
    }

    [PostgresFact]
    public async Task An_idle_connection_that_was_cut_is_replaced_without_anybody_noticing()
    {
        await using var store = PostgresStudyStore.Create(PostgresAddress.Parse(await Server.CreateDatabaseAsync()));
        await JournalText.AddAsync(store, JournalText.Join(0));
        await Server.StopAsync();
        await Server.StartAsync();

        Assert.Single(await JournalText.ReadAsync(store));
        await Server.QueryAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pbt'");
        Assert.Equal(2, await JournalText.AddAsync(store, JournalText.Join(1)));
    }

    [PostgresFact]
    public async Task One_that_stands_still_with_the_lock_is_thrown_out_and_cannot_commit()
    {
        var address = await Server.CreateDatabaseAsync();
        await using var store = PostgresStudyStore.Create(PostgresAddress.Parse(address));
        await JournalText.AddAsync(store, JournalText.Join(0));
        using var host = Start(address, "stopped", int.MaxValue);
        Assert.NotNull(await host.StandardOutput.ReadLineAsync());

        // Stopped at random moments until it is one at which it has the row.
        var holder = string.Empty;
        for (var tries = 0; holder.Length == 0 && tries < 200; tries++)
        {
            await SignalAsync(host, "STOP");
            holder = await Server.QueryAsync("SELECT pid FROM pg_stat_activity WHERE application_name = 'pbt' AND state = 'idle in transaction'");
            if (holder.Length == 0)
                await SignalAsync(host, "CONT");
        }

        Assert.NotEmpty(holder);
        var before = (await JournalText.ReadAsync(store)).Count;
        var version = await JournalText.AddAsync(store, JournalText.Join(-1)).WaitAsync(Patience);
        Assert.Equal(before + 1, version);

        await SignalAsync(host, "CONT");
        Assert.NotNull(await host.StandardOutput.ReadLineAsync().WaitAsync(Patience));
        await UntilAsync(() => JournalText.ReadAsync(store).GetAwaiter().GetResult().Count > version + 5);
        host.Kill();
        var workers = (await JournalText.ReadAsync(store)).ConvertAll(static e => ((WorkerJoined)e.Event).Worker);
        Assert.Equal(workers.Count, workers.Distinct().Count());
    }

    [PostgresFact]
    public async Task While_the_server_is_away_everything_says_so_and_waiting_ends()
    {
        await using var store = PostgresStudyStore.Create(PostgresAddress.Parse(await Server.CreateDatabaseAsync()));
        await JournalText.AddAsync(store, JournalText.Join(0));
        var waiting = store.WaitAsync(1).AsTask();
        await UntilAsync(() => Server.QueryAsync("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pbt.heads WHERE study%'").GetAwaiter().GetResult() is not "0");
        await Server.KillAsync();

        await Assert.ThrowsAsync<TransientStoreException>(() => waiting.WaitAsync(Patience));
        await Assert.ThrowsAsync<TransientStoreException>(() => JournalText.AddAsync(store, JournalText.Join(1)));
        await Assert.ThrowsAsync<TransientStoreException>(() => JournalText.ReadAsync(store));
        var error = await Assert.ThrowsAsync<TransientStoreException>(async () => await store.LoadAsync());
        Assert.Contains("nothing is lost", error.Message, StringComparison.Ordinal);

        await Server.StartAsync();
        waiting = store.WaitAsync(1).AsTask();
        Assert.Equal(2, await JournalText.AddAsync(store, JournalText.Join(2)));
        await waiting.WaitAsync(Patience);
    }

    [PostgresFact]
    public async Task Commits_wait_for_the_disk_whatever_the_servers_default()
    {
        var address = PostgresAddress.Parse(await Server.CreateDatabaseAsync());
        await Server.QueryAsync($"ALTER DATABASE {address.Database} SET synchronous_commit = off");
        await using var store = PostgresStudyStore.Create(address);
        await JournalText.AddAsync(store, JournalText.Join(0));
        await Server.KillAsync();
        await Server.StartAsync();

        Assert.Single(await JournalText.ReadAsync(store));
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var began = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Patience, "What must happen did not.");
            await Task.Delay(20);
        }
    }

    private static async Task SignalAsync(Process process, string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    private static Process Start(string address, string name, int count) => Process.Start(new ProcessStartInfo(
        Path.Combine(AppContext.BaseDirectory, "Pbt.Storage.TestHost"), [address, name, count.ToString(CultureInfo.InvariantCulture)])
    {
        RedirectStandardOutput = true,
        UseShellExecute = false,
    })!;

    /// <summary>Runs a process to its end, or kills it after so many acknowledgements; returns whose events were acknowledged.</summary>
    private static async Task<List<string>> RunAsync(string address, string name, int count, Func<int> acknowledged, int? killAfter = null)
    {
        using var process = Start(address, name, count);
        List<string> workers = [];
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Split(' ') is not [var worker, _])
                continue;

            workers.Add(worker);
            acknowledged();
            if (workers.Count == killAfter)
                process.Kill();
        }

        await process.WaitForExitAsync();
        Assert.Equal(killAfter is null ? 0 : 137, process.ExitCode);
        return workers;
    }
}
