using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Storage.Journal.Snapshots;

namespace Pbt.Storage.Journal;

/// <summary>A study's state and the place in the journal up to which it is the fold.</summary>
/// <remarks>Used by one thread. Begins at the latest snapshot if there is one.</remarks>
internal sealed class JournalFold(JournalIndex index, JournalSnapshots snapshots)
{
    private bool _isFromStart;

    /// <summary>The state. Events that are not yet in the file may have been added to it.</summary>
    public StudyState State { get; private set; } = new();

    /// <summary>The end of the last transaction that was read from the file or written to it.</summary>
    public JournalPosition Position { get; private set; }

    /// <summary>The line that ends there.</summary>
    public LineMark LastLine { get; private set; }

    /// <summary>Starts over, since the state has become something that is not in the file.</summary>
    public void Reset()
    {
        State = new();
        Position = default;
    }

    /// <summary>Goes on to a place: the events up to it are in the state already.</summary>
    public void MoveTo(JournalPosition position, LineMark lastLine)
    {
        Position = position;
        LastLine = lastLine;
        index.Add(position);
    }

    /// <summary>Folds the whole transactions from here to an offset of the file.</summary>
    /// <exception cref="DamagedStoreException">An event does not follow from those before it.</exception>
    public void Advance(JournalFile file, long end, CancellationToken cancellationToken = default)
    {
        if (Position == default && !_isFromStart && snapshots.Load(file, end) is { } snapshot)
        {
            State = snapshot.State;
            MoveTo(snapshot.Position, snapshot.LastLine);
            try
            {
                Fold(file, end, cancellationToken);
                return;
            }
            catch (DamagedStoreException)
            {
                // Either the journal is damaged, which the fold from its start tells as well, or it was the snapshot.
                snapshots.Refuse();
                _isFromStart = true;
            }
        }

        Fold(file, end, cancellationToken);
    }

    private void Fold(JournalFile file, long end, CancellationToken cancellationToken)
    {
        var scan = new JournalScan(file, Position, end);
        try
        {
            while (scan.Next() is { } events)
            {
                cancellationToken.ThrowIfCancellationRequested();
                foreach (var recorded in events)
                    Apply(file, recorded);

                MoveTo(scan.Position, scan.LastLine);
            }
        }
        catch
        {
            Reset();
            throw;
        }
    }

    private void Apply(JournalFile file, RecordedEvent recorded)
    {
        try
        {
            State.Apply(recorded);
        }
        catch (DamagedStoreException e)
        {
            var what = Refusal(recorded);
            throw JournalErrors.Damaged(file.Path, recorded.Version, OffsetOf(file, recorded.Version), what, inner: e);
        }
    }

    /// <summary>What a journal's event that does not follow is told of.</summary>
    public static string Refusal(RecordedEvent recorded) => $"its event does not follow from those before it: {recorded.Event}";

    // Only for the message, so it may be slow: each version is one line.
    private static long OffsetOf(JournalFile file, long version)
    {
        var buffer = new byte[1 << 16];
        var offset = 0L;
        for (var lines = version - 1; lines > 0;)
        {
            var read = file.Read(buffer, offset);
            if (read == 0)
                break;

            for (var i = 0; i < read && lines > 0; i++, offset++)
            {
                if (buffer[i] == '\n')
                    lines--;
            }
        }

        return offset;
    }
}
