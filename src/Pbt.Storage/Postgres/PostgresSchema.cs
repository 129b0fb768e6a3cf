using System.Globalization;
using Npgsql;

namespace Pbt.Storage.Postgres;

/// <summary>The tables in a database, made and changed by numbered migrations.</summary>
/// <remarks>
/// Frozen: a migration that was once released is never changed; what is to be different is another. Each runs in a
/// transaction of its own under one advisory lock, so that processes that start at once apply each of them once.
/// </remarks>
internal static class PostgresSchema
{
    // "pbt" and a number of its own: other programs may use advisory locks in the same database.
    private const long MigrationLock = 0x706274_0001;

    // The study's row is the lock and is never changed: sessions that wait for a row that its holder changes are all woken,
    // and chase its new version. So how long the log is stands in a row of its own.
    // No foreign key from events to studies: it would cost a look-up for each event, and only who has locked the
    // study's row inserts any. Heartbeats are not logged: a beat costs no sync, and after a crash of the server the counters
    // that are gone count as changed ones, which is what a beat is.
    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE pbt.studies (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            name text NOT NULL UNIQUE
        );
        CREATE TABLE pbt.heads (
            study bigint PRIMARY KEY REFERENCES pbt.studies (id),
            version bigint NOT NULL CHECK (version >= 0)
        ) WITH (fillfactor = 50);
        CREATE TABLE pbt.events (
            study bigint NOT NULL,
            version bigint NOT NULL CHECK (version >= 1),
            ticks bigint NOT NULL,
            type text NOT NULL,
            data text NOT NULL,
            more boolean NOT NULL,
            checksum bigint NOT NULL,
            PRIMARY KEY (study, version)
        );
        COMMENT ON COLUMN pbt.events.ticks IS '100-nanosecond ticks since 0001-01-01 00:00 UTC';
        COMMENT ON COLUMN pbt.events.more IS 'whether the next event is of the same transaction';
        COMMENT ON COLUMN pbt.events.checksum IS 'CRC-32C of the event as a line of a journal';
        """,
        """
        CREATE UNLOGGED TABLE pbt.heartbeats (
            study bigint NOT NULL,
            worker text NOT NULL,
            counter bigint NOT NULL,
            PRIMARY KEY (study, worker)
        ) WITH (fillfactor = 50);
        """,
        """
        CREATE TABLE pbt.hooks (
            study bigint PRIMARY KEY,
            done bigint NOT NULL,
            holder text,
            beat timestamptz NOT NULL
        ) WITH (fillfactor = 50);
        COMMENT ON COLUMN pbt.hooks.done IS 'the version of the last event whose hooks have been run';
        """,
    ];

    /// <summary>The number of the newest migration.</summary>
    public static int Newest => Migrations.Length;

    /// <summary>Brings a database up to date; one that is needs no right to change it.</summary>
    /// <param name="connection">Open, without a transaction.</param>
    /// <param name="address">For messages.</param>
    /// <param name="upTo">The last migration to apply.</param>
    /// <param name="create">Whether the tables are made if there are none.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task MigrateAsync(NpgsqlConnection connection, PostgresAddress address, int upTo, bool create, CancellationToken cancellationToken)
    {
        await CheckEncodingAsync(connection, address, cancellationToken);
        var applied = await NumberAsync(connection, address, cancellationToken);
        if (applied >= upTo)
            return;

        if (applied == 0 && !create)
            throw PostgresErrors.NoStudy(address);

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({MigrationLock.ToString(CultureInfo.InvariantCulture)})", cancellationToken);
        for (var number = await NumberAsync(connection, address, cancellationToken) + 1; number <= upTo; number++)
        {
            if (number == 1)
                await CreateSchemaAsync(connection, cancellationToken);

            await ExecuteAsync(connection, Migrations[number - 1], cancellationToken);
            await using var note = new NpgsqlCommand("INSERT INTO pbt.migrations (number) VALUES ($1)", connection) { Parameters = { new() { Value = number } } };
            await note.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The newest migration that was applied; 0 if there is none.</summary>
    /// <exception cref="Core.Studies.InvalidRequestException">A newer pbt has applied more than this one knows.</exception>
    private static async Task<int> NumberAsync(NpgsqlConnection connection, PostgresAddress address, CancellationToken cancellationToken)
    {
        // By pg_class rather than to_regclass, which demands the right to use the schema.
        if (await ScalarAsync(connection, "SELECT count(*)::int FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'pbt' AND c.relname = 'migrations'", cancellationToken) is not 1)
            return 0;

        var number = (int)(await ScalarAsync(connection, "SELECT coalesce(max(number), 0) FROM pbt.migrations", cancellationToken))!;
        return number <= Newest
            ? number
            : throw PostgresErrors.Newer(address, $"its tables have had migration {number}, and this pbt knows migrations up to {Newest}");
    }

    private static async Task CreateSchemaAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // An administrator may have made it for a role that may not.
        if (await ScalarAsync(connection, "SELECT count(*)::int FROM pg_namespace WHERE nspname = 'pbt'", cancellationToken) is 0)
            await ExecuteAsync(connection, "CREATE SCHEMA pbt", cancellationToken);

        await ExecuteAsync(connection, "CREATE TABLE pbt.migrations (number integer PRIMARY KEY, applied timestamptz NOT NULL DEFAULT now())", cancellationToken);
    }

    private static async Task CheckEncodingAsync(NpgsqlConnection connection, PostgresAddress address, CancellationToken cancellationToken)
    {
        if (await ScalarAsync(connection, "SHOW server_encoding", cancellationToken) is string encoding and not "UTF8")
        {
            throw new Core.Studies.InvalidRequestException(
                $"{PostgresErrors.Place(address)} has the encoding {encoding}, which cannot hold every text: create one with `createdb -E UTF8 -T template0`");
        }
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // Every text that comes here is a constant of this file.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
