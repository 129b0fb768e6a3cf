using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace Pbt.Storage.Postgres;

/// <summary>One transaction of the database, with the study's row locked: two round trips.</summary>
/// <remarks>
/// <para>
/// Read committed is enough: <c>SELECT … FOR UPDATE</c> waits for the row and then sees what its last holder committed, and
/// each later statement has a snapshot taken after that, so that it sees all events; nobody adds events without the row.
/// </para>
/// <para>
/// The server ends a session that has the row and says nothing, such as a stopped process's; its COMMIT then fails. And it
/// ends a statement that takes too long: one whose client stopped in the middle of sending, or that waits for the row of
/// a session that does not end. Commits wait for the disk, whatever the server's default. These settings hold for the
/// transaction only, so that they also work through a pooler.
/// </para>
/// </remarks>
internal sealed class PostgresTransaction : IAsyncDisposable
{
    private static readonly TimeSpan IdlePatience = TimeSpan.FromSeconds(10);
    private static readonly string Settings = string.Create(
        CultureInfo.InvariantCulture,
        $"""
        SELECT set_config('synchronous_commit', 'on', true),
            set_config('idle_in_transaction_session_timeout', '{IdlePatience.TotalMilliseconds}', true),
            set_config('statement_timeout', '{PostgresDatabase.StatementPatience.TotalMilliseconds}', true),
            {PostgresReader.ByIndex}
        """);

    private readonly NpgsqlConnection _connection;
    private readonly long _study;
    private bool _open = true;

    private PostgresTransaction(NpgsqlConnection connection, long study)
    {
        _connection = connection;
        _study = study;
    }

    /// <summary>The connection, for more reading.</summary>
    public NpgsqlConnection Connection => _connection;

    /// <summary>Locks the study's row and folds what others have added; waits for whoever has it.</summary>
    /// <exception cref="Core.Studies.DamagedStoreException">The log is not what was read before, or not whole.</exception>
    public static async Task<PostgresTransaction> BeginAsync(PostgresDatabase database, PostgresFold fold)
    {
        var study = await database.StudyAsync();
        var transaction = new PostgresTransaction(await database.ConnectAsync(), study);
        try
        {
            await transaction.LockAsync(database.Address, fold);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    /// <summary>Adds the rows and commits.</summary>
    public async Task CommitAsync(IReadOnlyList<EventRow> rows)
    {
        var version = rows[^1].Version;
        await using var batch = new NpgsqlBatch(_connection)
        {
            BatchCommands =
            {
                Insert(_study, rows),
                new("UPDATE pbt.heads SET version = $2 WHERE study = $1") { Parameters = { new() { Value = _study }, new() { Value = version } } },
                new("SELECT pg_notify($1, $2)")
                {
                    Parameters = { new() { Value = ChannelOf(_study) }, new() { Value = version.ToString(CultureInfo.InvariantCulture) } },
                },
                new("COMMIT"),
            },
        };
        await batch.ExecuteNonQueryAsync();
        _open = false;
    }

    /// <summary>Where a study's commits are notified.</summary>
    public static string ChannelOf(long study) => string.Create(CultureInfo.InvariantCulture, $"pbt_{study}");

    /// <summary>The statement that adds rows.</summary>
    public static NpgsqlBatchCommand Insert(long study, IReadOnlyList<EventRow> rows) => new(
        $"INSERT INTO pbt.events (study, {EventRow.Columns}) SELECT $1, * FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::boolean[], $7::bigint[])")
    {
        Parameters =
        {
            new() { Value = study },
            new() { Value = rows.Select(static r => r.Version).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
            new() { Value = rows.Select(static r => r.Ticks).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
            new() { Value = rows.Select(static r => r.Type).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            new() { Value = rows.Select(static r => r.Data).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            new() { Value = rows.Select(static r => r.More).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Boolean },
            new() { Value = rows.Select(static r => r.Checksum).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
        },
    };

    /// <summary>Takes back what was not committed; a connection that cannot is closed, which does the same.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_open)
        {
            try
            {
                // Not COMMIT, even if nothing was added: that would wait for the disk, since a lock was written to the row.
                await using var rollback = new NpgsqlCommand("ROLLBACK", _connection);
                await rollback.ExecuteNonQueryAsync();
            }
            catch (Exception e) when (PostgresErrors.IsServers(e) || e is InvalidOperationException or ObjectDisposedException)
            {
                // The server has ended the session, or will when it misses it.
            }
        }

        await _connection.DisposeAsync();
    }

    private async Task LockAsync(PostgresAddress address, PostgresFold fold)
    {
        var known = fold.Version;
        await using var batch = new NpgsqlBatch(_connection)
        {
            BatchCommands =
            {
                new("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"),
                new(Settings),
                new("SELECT FROM pbt.studies WHERE id = $1 FOR UPDATE") { Parameters = { new() { Value = _study } } },
                new("SELECT version, (SELECT checksum FROM pbt.events WHERE study = $1 AND version = $2) FROM pbt.heads WHERE study = $1")
                {
                    Parameters = { new() { Value = _study }, new() { Value = known } },
                },
                new(PostgresReader.Statement) { Parameters = { new() { Value = _study }, new() { Value = known }, new() { Value = (long)PostgresReader.Piece } } },
            },
        };
        long version;
        await using (var rows = await batch.ExecuteReaderAsync())
        {
            await rows.NextResultAsync();
            await rows.NextResultAsync();
            if (!await rows.ReadAsync())
                throw PostgresErrors.NoStudy(address);

            version = rows.GetInt64(0);
            var isSame = known == 0 || (!await rows.IsDBNullAsync(1) && rows.GetInt64(1) == fold.Checksum);
            if (version < known || !isSame)
                throw PostgresErrors.Damaged(address, known, "it is not the one that was read before: somebody has restored an older copy of the database");

            await rows.NextResultAsync();
            await fold.AdvanceAsync(rows);
        }

        await fold.AdvanceAsync(_connection, _study, version);
        if (fold.Version != version)
            throw PostgresErrors.Damaged(address, fold.Version, FormattableString.Invariant($"the study's row says that there are {version} events"));
    }
}
