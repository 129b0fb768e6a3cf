using Npgsql;
using Pbt.Core.Studies;

namespace Pbt.Storage.Postgres;

/// <summary>The counters by which a study's workers show that they live: one row each.</summary>
/// <remarks>Thread-safe. The table is not logged: a beat costs no sync, and a crash of the server empties it.</remarks>
public sealed class PostgresWorkers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly PostgresDatabase _database;

    internal PostgresWorkers(PostgresDatabase database) => _database = database;

    /// <summary>Writes a worker's counter.</summary>
    /// <exception cref="PbtException">It could not be written.</exception>
    public Task WriteAsync(string worker, long counter, CancellationToken cancellationToken = default) => ExecuteAsync(
        "INSERT INTO pbt.heartbeats (study, worker, counter) VALUES ($1, $2, $3) ON CONFLICT (study, worker) DO UPDATE SET counter = excluded.counter",
        [worker, counter],
        cancellationToken);

    /// <summary>Removes a worker's counter.</summary>
    /// <exception cref="PbtException">It could not be removed.</exception>
    public Task RemoveAsync(string worker, CancellationToken cancellationToken = default) =>
        ExecuteAsync("DELETE FROM pbt.heartbeats WHERE study = $1 AND worker = $2", [worker], cancellationToken);

    /// <summary>The counters of all workers of the study: one query, however many there are.</summary>
    /// <exception cref="PbtException">They could not be read.</exception>
    public async Task<IReadOnlyDictionary<string, long>> ReadAllAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            var study = await _database.StudyAsync(cancellationToken);
            await using var connection = await _database.ConnectAsync(cancellationToken);
            await using var select = Command(connection, "SELECT worker, counter FROM pbt.heartbeats WHERE study = $1", study, []);
            await using var rows = await select.ExecuteReaderAsync(cancellationToken);
            var counters = new Dictionary<string, long>(StringComparer.Ordinal);
            while (await rows.ReadAsync(cancellationToken))
                counters[rows.GetString(0)] = rows.GetInt64(1);

            return counters;
        }
        catch (Exception e) when (PostgresErrors.IsServers(e))
        {
            throw Translate(e);
        }
    }

    private async Task ExecuteAsync(string sql, object[] values, CancellationToken cancellationToken)
    {
        try
        {
            var study = await _database.StudyAsync(cancellationToken);
            await using var connection = await _database.ConnectAsync(cancellationToken);
            await using var command = Command(connection, sql, study, values);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (Exception e) when (PostgresErrors.IsServers(e))
        {
            throw Translate(e);
        }
    }

    private PbtException Translate(Exception error)
    {
        if (PostgresErrors.IsDeadConnection(error))
            _database.ForgetConnections();

        return PostgresErrors.Translate(_database.Address, error);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, long study, object[] values)
    {
#pragma warning disable CA2100 // Every text that comes here is a constant of this file.
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = (int)Patience.TotalSeconds, Parameters = { new() { Value = study } } };
#pragma warning restore CA2100
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });

        return command;
    }
}
