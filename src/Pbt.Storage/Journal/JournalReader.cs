using System.Runtime.CompilerServices;
using Pbt.Core.Population;
using Pbt.Core.Studies;

namespace Pbt.Storage.Journal;

/// <summary>Reads a journal without holding up its writers.</summary>
/// <remarks>
/// Thread-safe. It takes no lock unless it finds something wrong: that may be a writer at work, so it looks again
/// under a shared lock, which no writer works under, before it calls the journal damaged.
/// </remarks>
internal sealed class JournalReader(string path, JournalIndex index)
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

    private JournalScan Begin(JournalFile file, long afterVersion)
    {
        var confirmed = index.Confirmed;
        var end = file.Length;
        if (end < confirmed.Offset)
            throw JournalErrors.Shorter(path, end, confirmed);

        // A place that is none any more, since its writer failed and cut the file, looks like damage at first.
        var from = index.Find(afterVersion);
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
