using System.Runtime.CompilerServices;
using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Storage.Journal.Snapshots;

namespace Pbt.Storage.Journal;

/// <summary>Reads a journal without holding up its writers.</summary>
/// <remarks>
/// Thread-safe. It takes no lock unless it finds something wrong: that may be a writer at work, so it looks again
/// under a shared lock, which no writer works under, before it calls the journal damaged.
/// </remarks>
internal sealed class JournalReader(string path, JournalIndex index, JournalSnapshots snapshots)
{
    /// <summary>The events after a version, up to the end as it is met.</summary>
    public async IAsyncEnumerable<RecordedEvent> ReadAsync(long afterVersion, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = afterVersion;
        using var file = JournalFile.Open(path, writable: false);
        var scan = Begin(file, afterVersion);
        while (await Task.Run(scan.Next, cancellationToken) is { } events)
        {
            foreach (var recorded in events)
            {
                if (recorded.Version <= last)
                    continue;

                cancellationToken.ThrowIfCancellationRequested();
                last = recorded.Version;
                yield return recorded;
            }
        }

        if (scan.Position.Offset == scan.End)
        {
            index.Add(scan.Position);
            yield break;
        }

        if (await Task.Run(() => JournalTail.Examine(file, scan.Position, scan.End), cancellationToken) is null)
            yield break;

        // Not one by one under the lock: whoever takes them may be waiting for a transaction.
        var (rest, error) = await Task.Run(() => ReadLocked(file, last), cancellationToken);
        foreach (var recorded in rest)
            yield return recorded;

        if (error is not null)
            throw error;
    }

    /// <summary>The fold of all events, up to the end as it is met.</summary>
    public Task<StudyState> LoadAsync(CancellationToken cancellationToken) => Task.Run(
        async () =>
        {
            using var file = JournalFile.Open(path, writable: false);
            var fold = new JournalFold(index, snapshots);
            if (!TryFold(file, fold, cancellationToken))
                FoldLocked(file, fold, cancellationToken);

            snapshots.Keep(file, fold);
            await snapshots.Idle;
            return fold.State;
        },
        cancellationToken);

    private bool TryFold(JournalFile file, JournalFold fold, CancellationToken cancellationToken)
    {
        var end = EndOf(file);
        try
        {
            fold.Advance(file, end, cancellationToken);
        }
        catch (DamagedStoreException)
        {
            return false;
        }

        return fold.Position.Offset == end || JournalTail.Examine(file, fold.Position, end) is null;
    }

    private void FoldLocked(JournalFile file, JournalFold fold, CancellationToken cancellationToken)
    {
        index.Clear();
        file.Lock(exclusive: false);
        try
        {
            var end = EndOf(file);
            fold.Reset();
            fold.Advance(file, end, cancellationToken);
            if (fold.Position.Offset != end && JournalTail.Examine(file, fold.Position, end) is { } error)
                throw error;
        }
        finally
        {
            file.Unlock();
        }
    }

    private long EndOf(JournalFile file)
    {
        var confirmed = index.Confirmed;
        var end = file.Length;
        return end < confirmed.Offset ? throw JournalErrors.Shorter(path, end, confirmed) : end;
    }

    private JournalScan Begin(JournalFile file, long afterVersion)
    {
        var end = EndOf(file);

        // A place that is none any more, since its writer failed and cut the file, looks like damage at first.
        var from = index.Find(afterVersion);
        if (from == default && afterVersion > 0 && snapshots.Find(file, end) is { } place && place.Version <= afterVersion)
            from = place;

        return new(file, from.Offset <= end ? from : default, end);
    }

    private (List<RecordedEvent> Events, PbtException? Error) ReadLocked(JournalFile file, long afterVersion)
    {
        index.Clear();
        file.Lock(exclusive: false);
        try
        {
            var scan = new JournalScan(file, default, file.Length);
            List<RecordedEvent> rest = [];
            while (scan.Next() is { } events)
                rest.AddRange(events.Where(e => e.Version > afterVersion));

            return (rest, scan.Position.Offset == scan.End ? null : JournalTail.Examine(file, scan.Position, scan.End));
        }
        finally
        {
            file.Unlock();
        }
    }
}
