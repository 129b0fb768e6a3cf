using System.Text.Json;
using Npgsql;
using Pbt.Core.Studies;
using Pbt.Storage.Journal;

namespace Pbt.Storage.Postgres;

/// <summary>Brings a whole log into an empty study, in one transaction.</summary>
internal static class PostgresImport
{
    /// <summary>Imports the lines of a journal.</summary>
    /// <exception cref="InvalidRequestException">The study has events already.</exception>
    public static async Task RunAsync(PostgresDatabase database, IAsyncEnumerable<ReadOnlyMemory<byte>> lines, CancellationToken cancellationToken)
    {
        var study = await database.StudyAsync(cancellationToken);
        await using var connection = await database.ConnectAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var opening = new NpgsqlBatch(connection))
        {
            opening.BatchCommands.Add(new("SET LOCAL synchronous_commit = on"));
            opening.BatchCommands.Add(new("SELECT FROM pbt.studies WHERE id = $1 FOR UPDATE") { Parameters = { new() { Value = study } } });
            await opening.ExecuteNonQueryAsync(cancellationToken);
        }

        await using (var select = new NpgsqlCommand("SELECT version FROM pbt.heads WHERE study = $1", connection) { Parameters = { new() { Value = study } } })
        {
            if (await select.ExecuteScalarAsync(cancellationToken) is not 0L)
                throw new InvalidRequestException($"{PostgresErrors.Place(database.Address)} holds a study '{database.Address.Study}' already: name another by ?study=");
        }

        var version = 0L;
        var texts = new TextPool();
        await foreach (var block in lines.WithCancellation(cancellationToken))
        {
            var rows = Split(block.Span, texts);
            await using var batch = new NpgsqlBatch(connection) { BatchCommands = { PostgresTransaction.Insert(study, rows) } };
            await batch.ExecuteNonQueryAsync(cancellationToken);
            version = rows[^1].Version;
        }

        await using (var update = new NpgsqlCommand("UPDATE pbt.heads SET version = $2 WHERE study = $1", connection) { Parameters = { new() { Value = study }, new() { Value = version } } })
            await update.ExecuteNonQueryAsync(cancellationToken);

        await transaction.CommitAsync(CancellationToken.None);
    }

    private static List<EventRow> Split(ReadOnlySpan<byte> block, TextPool texts)
    {
        List<EventRow> rows = [];
        for (int length; (length = block.IndexOf((byte)'\n')) >= 0; block = block[(length + 1)..])
        {
            try
            {
                rows.Add(EventRow.Of(block[..length], JournalLine.Read(block[..length], texts, out _).Time));
            }
            catch (JsonException e)
            {
                throw new DamagedStoreException($"the source changed while it was copied: {e.Message}", e);
            }
        }

        return rows;
    }
}
