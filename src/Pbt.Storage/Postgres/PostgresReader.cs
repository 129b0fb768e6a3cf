using System.Runtime.CompilerServices;
using Npgsql;
using Pbt.Core.Population;

namespace Pbt.Storage.Postgres;

/// <summary>An event as it stands in the log.</summary>
/// <param name="Event">The event.</param>
/// <param name="Line">It as a line of a journal, without the newline; empty unless asked for.</param>
internal readonly record struct StoredEvent(RecordedEvent Event, byte[] Line);

/// <summary>Reads a study's events, a piece at a time.</summary>
/// <remarks>
/// Thread-safe. Each piece is one statement, and no connection is held between two: whoever takes the events may be slow,
/// or may transact. What was committed is never changed, so the pieces fit.
/// </remarks>
internal sealed class PostgresReader(PostgresDatabase database)
{
    /// <summary>The most events in a piece.</summary>
    public const int Piece = 2000;

    /// <summary>The statement that reads a piece: of study $1, after version $2, at most $3 rows.</summary>
    public const string Statement = $"SELECT {EventRow.Columns} FROM pbt.events WHERE study = $1 AND version > $2 ORDER BY version LIMIT $3";

    /// <summary>Settings, for the rest of a transaction, under which the events are found by their index.</summary>
    /// <remarks>A statement prepared while the table is small would otherwise read all of it, for as long as the connection lives.</remarks>
    public const string ByIndex = "set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true)";

    /// <summary>The events after a version, up to the end as it is met.</summary>
    /// <param name="afterVersion">The version.</param>
    /// <param name="asLines">Whether to give their lines too.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async IAsyncEnumerable<StoredEvent> ReadAsync(long afterVersion, bool asLines, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = Math.Max(0, afterVersion);
        while (true)
        {
            var events = await ReadPieceAsync(last, asLines, cancellationToken);
            foreach (var recorded in events)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return recorded;
            }

            if (events.Count < Piece)
                yield break;

            last = events[^1].Event.Version;
        }
    }

    private async Task<List<StoredEvent>> ReadPieceAsync(long afterVersion, bool asLines, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadOnceAsync(afterVersion, asLines, cancellationToken);
        }
        catch (Exception e) when (PostgresErrors.IsServers(e) && !cancellationToken.IsCancellationRequested)
        {
            if (!PostgresErrors.IsDeadConnection(e))
                throw PostgresErrors.Translate(database.Address, e);
        }

        try
        {
            // The server may have ended the connection while it lay unused.
            database.ForgetConnections();
            return await ReadOnceAsync(afterVersion, asLines, cancellationToken);
        }
        catch (Exception e) when (PostgresErrors.IsServers(e) && !cancellationToken.IsCancellationRequested)
        {
            throw PostgresErrors.Translate(database.Address, e);
        }
    }

    private async Task<List<StoredEvent>> ReadOnceAsync(long afterVersion, bool asLines, CancellationToken cancellationToken)
    {
        var study = await database.StudyAsync(cancellationToken);
        await using var connection = await database.ConnectAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new($"SELECT {ByIndex}"),

                // First: an event that this says there is, the other statement sees.
                new("SELECT version FROM pbt.heads WHERE study = $1") { Parameters = { new() { Value = study } } },
                new(Statement) { Parameters = { new() { Value = study }, new() { Value = afterVersion }, new() { Value = (long)Piece } } },
            },
        };
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        await rows.NextResultAsync(cancellationToken);
        if (!await rows.ReadAsync(cancellationToken))
            throw PostgresErrors.NoStudy(database.Address);

        var promised = rows.GetInt64(0);
        await rows.NextResultAsync(cancellationToken);
        var reader = new EventRowReader(database.Address);
        List<StoredEvent> events = [];
        while (await rows.ReadAsync(cancellationToken))
            events.Add(new(reader.Read(rows, afterVersion + events.Count + 1), asLines ? reader.Line.ToArray() : []));

        return events.Count == Piece || afterVersion + events.Count >= promised
            ? events
            : throw PostgresErrors.Damaged(database.Address, afterVersion + events.Count + 1, FormattableString.Invariant($"events up to {promised} should be there"));
    }
}
