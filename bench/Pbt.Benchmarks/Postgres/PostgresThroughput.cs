using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Pbt.Storage.Postgres;
using Pbt.Testing;

namespace Pbt.Benchmarks.Postgres;

/// <summary>Durable transactions a second of 64 concurrent workers on one study in PostgreSQL, against bare inserts.</summary>
/// <remarks>
/// The server is started for the run with its defaults. "One process": all workers share a store, as the slots of a worker
/// do. "64 stores": each has its own, with its own connection and its own fold, as 64 processes have, though here
/// all of them share the machine's processors with the server. The reference: 64 connections, each inserting one row of 600 bytes
/// and waiting for its commit, again and again; they exclude each other from nothing.
/// </remarks>
public static class PostgresThroughput
{
    private const int Workers = 64;
    private const int Runs = 3;

    public static async Task RunAsync(string[] args)
    {
        if (PostgresServer.Missing is { } missing)
        {
            Report.Line($"postgres: skipped: {missing}");
            return;
        }

        var seconds = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 4;
        await using var server = await PostgresServer.StartNewAsync();
        List<double> shared = [], separate = [], references = [];
        for (var run = 0; run < Runs; run++)
        {
            references.Add(await ReferenceAsync(server, seconds));
            shared.Add(await MeasureAsync(server, stores: 1, seconds));
            separate.Add(await MeasureAsync(server, stores: Workers, seconds));
            Report.Line($"  run {run + 1}: {shared[^1]:F0} transactions/s of one process, {separate[^1]:F0}/s of {Workers} stores; {references[^1]:F0} bare inserts/s");
        }

        Report.Line($"postgres: median {Report.Median(shared):F0} durable transactions/s of {Workers} workers in one process, {Report.Median(separate):F0}/s of {Workers} separate stores; reference ({Workers} connections, insert of 600 bytes + commit) {Report.Median(references):F0}/s");
    }

    private static async Task<double> MeasureAsync(PostgresServer server, int stores, double seconds)
    {
        var address = PostgresAddress.Parse(await server.CreateDatabaseAsync());
        var opened = Enumerable.Range(0, stores).Select(_ => PostgresStudyStore.Create(address)).ToList();
        await WorkerLoop.CreateAsync(opened[0], Workers);
        foreach (var store in opened)
            await store.TransactAsync(static t => t.State.Version);

        var watch = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, Workers).Select(i => Task.Run(() => WorkerLoop.RunAsync(opened[i % stores], i, watch, seconds))));
        var rate = counts.Sum() / watch.Elapsed.TotalSeconds;
        foreach (var store in opened)
            await store.DisposeAsync();

        return rate;
    }

    /// <summary>What the server allows 64 writers that need no order.</summary>
    private static async Task<double> ReferenceAsync(PostgresServer server, double seconds)
    {
        var address = PostgresAddress.Parse(await server.CreateDatabaseAsync());
        var settings = new NpgsqlConnectionStringBuilder { Host = address.Host, Port = address.Port, Username = address.User, Database = address.Database, MaxPoolSize = Workers, MaxAutoPrepare = 4, AutoPrepareMinUsages = 2 };
        await using var source = NpgsqlDataSource.Create(settings);
        await using (var create = source.CreateCommand("CREATE TABLE lines (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, data text NOT NULL)"))
            await create.ExecuteNonQueryAsync();

        var line = new string('x', 600);
        var watch = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(async () =>
        {
            await using var connection = await source.OpenConnectionAsync();
            var count = 0;
            for (; watch.Elapsed.TotalSeconds < seconds; count++)
            {
                await using var insert = new NpgsqlCommand("INSERT INTO lines (data) VALUES ($1)", connection) { Parameters = { new() { Value = line } } };
                await insert.ExecuteNonQueryAsync();
            }

            return count;
        })));
        return counts.Sum() / watch.Elapsed.TotalSeconds;
    }
}
