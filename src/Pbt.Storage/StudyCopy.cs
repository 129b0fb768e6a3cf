using Pbt.Core.Studies;
using Pbt.Storage.FileSystem;
using Pbt.Storage.Journal;
using Pbt.Storage.Postgres;

namespace Pbt.Storage;

/// <summary>Copies a study's log into another store: every event as it is, its version, time and checksum included.</summary>
/// <remarks>
/// Stateless. All or nothing: the copy is seen when it is whole. The source is only read; each event's checksum is
/// verified on the way. Checkpoints are no part of the log.
/// </remarks>
public static class StudyCopy
{
    private const int BlockLength = 1 << 20;

    /// <summary>Makes a journal in a directory that has no study.</summary>
    /// <exception cref="InvalidRequestException">There is a study already.</exception>
    public static async Task ToDirectoryAsync(IStudyStore source, StudyDirectory destination, CancellationToken cancellationToken = default)
    {
        if (destination.HasStudy)
            throw new InvalidRequestException($"{destination.Root} holds a study already: name a directory that is empty or does not exist");

        Directory.CreateDirectory(destination.Root);
        var partial = destination.Journal + ".partial";
        try
        {
            using (var file = File.OpenHandle(partial, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                var offset = 0L;
                await foreach (var lines in LinesOf(source, cancellationToken))
                {
                    RandomAccess.Write(file, lines.Span, offset);
                    offset += lines.Length;
                }

                RandomAccess.FlushToDisk(file);
            }

            File.Move(partial, destination.Journal, overwrite: false);
            DurableFile.SyncDirectory(destination.Root);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>Adds a study to a database that has none of that name.</summary>
    /// <exception cref="InvalidRequestException">There is a study of that name already.</exception>
    public static async Task ToPostgresAsync(IStudyStore source, PostgresAddress destination, CancellationToken cancellationToken = default)
    {
        await using var database = new PostgresDatabase(destination, create: true);
        try
        {
            await PostgresImport.RunAsync(database, LinesOf(source, cancellationToken), cancellationToken);
        }
        catch (Exception e) when (PostgresErrors.IsServers(e))
        {
            throw PostgresErrors.Translate(destination, e);
        }
    }

    /// <summary>The log as the lines of a journal, many at a time.</summary>
    private static IAsyncEnumerable<ReadOnlyMemory<byte>> LinesOf(IStudyStore source, CancellationToken cancellationToken) => source switch
    {
        JournalStore journal => LinesOf(journal.Path),
        PostgresStudyStore postgres => postgres.ReadLinesAsync(cancellationToken),
        _ => throw new NotSupportedException($"A {source.GetType().Name} cannot be copied."),
    };

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> LinesOf(string path)
    {
        using var file = JournalFile.Open(path, writable: false);
        var scan = new JournalScan(file, default, file.Length);
        while (await Task.Run(scan.Next) is not null)
        {
            // Only to check every line before any is copied.
        }

        if (scan.Position.Offset < scan.End && JournalTail.Examine(file, scan.Position, scan.End) is { } error)
            throw error;

        var buffer = new byte[BlockLength];
        for (var offset = 0L; offset < scan.Position.Offset;)
        {
            var wanted = (int)Math.Min(buffer.Length, scan.Position.Offset - offset);
            var read = file.Read(buffer.AsSpan(0, wanted), offset);
            var length = buffer.AsSpan(0, read).LastIndexOf((byte)'\n') + 1;
            if (length == 0 && read == buffer.Length)
            {
                buffer = new byte[buffer.Length * 2];
                continue;
            }

            if (length == 0)
                throw new TransientStoreException($"{path} changed while it was read. Run again: nothing is lost.");

            yield return buffer.AsMemory(0, length);
            offset += length;
        }
    }
}
