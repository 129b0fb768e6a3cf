using Pbt.Core.Population;
using Pbt.Core.Population.Snapshots;

namespace Pbt.Storage.Journal.Snapshots;

/// <summary>The snapshots of one journal: begins folds at the latest, and writes the next one when it is worth it.</summary>
/// <remarks>
/// Thread-safe. Nothing here ever fails: a snapshot that is missing, damaged, of another journal or of another build is as
/// none, and one that cannot be written is not.
/// </remarks>
internal sealed class JournalSnapshots(string journal, SnapshotPolicy policy)
{
    private readonly string _path = new StudyDirectory(Path.GetDirectoryName(journal)!).Snapshot;
    private readonly Lock _lock = new();
    private SnapshotHeader? _last;
    private SnapshotHeader? _refused;
    private long _latest;
    private Task _writing = Task.CompletedTask;

    /// <summary>Completes when nothing is being written.</summary>
    public Task Idle
    {
        get
        {
            lock (_lock)
                return _writing;
        }
    }

    /// <summary>The state at the latest snapshot and its place; null if there is none up to an offset.</summary>
    public (StudyState State, JournalPosition Position, LineMark LastLine)? Load(JournalFile file, long end)
    {
        if (SnapshotFile.Read(_path, file, end) is not var (header, payload))
            return null;

        Note(header);
        if (payload is not null && StudySnapshot.Decode(payload) is { } state && state.Version == header.Position.Version)
            return (state, header.Position, header.Last);

        Refuse();
        return null;
    }

    /// <summary>Notes that the snapshot last loaded is none: it does not count as one when it is time for the next.</summary>
    public void Refuse()
    {
        lock (_lock)
            (_refused, _latest) = (_last, 0);
    }

    /// <summary>The place of the latest snapshot; null if there is none up to an offset.</summary>
    public JournalPosition? Find(JournalFile file, long end) => SnapshotFile.ReadHeader(_path, file, end)?.Position;

    /// <summary>Writes a snapshot of a fold if it is worth it: encodes it now, and writes the file on another thread.</summary>
    /// <remarks>The fold's events are all in the file, and nobody else uses its state meanwhile.</remarks>
    public void Keep(JournalFile file, JournalFold fold)
    {
        if (!TryBegin(fold.Position.Version))
            return;

        SnapshotTarget? target = null;
        try
        {
            // Another process may have written one as late.
            if (SnapshotFile.ReadHeader(_path, file, file.Length) is { } found && found != _refused && !policy.IsDue(fold.Position.Version, found.Position.Version))
            {
                Note(found);
                return;
            }

            target = SnapshotTarget.TryOpen(_path);
            if (target is null || LineMark.OfFirst(file) is not { } first)
                return;

            var payload = StudySnapshot.Encode(fold.State);
            var header = new SnapshotHeader(fold.Position, first, fold.LastLine, payload.Length, Crc32C.Of(payload.Span));
            Write(target, header, payload);
            target = null;
        }
        catch (Exception e) when (SnapshotFile.IsHarmless(e))
        {
            // Then there is none.
        }
        finally
        {
            target?.Dispose();
        }
    }

    /// <summary>Whether it is time, which is then put off: what fails is not tried again at each event.</summary>
    private bool TryBegin(long version)
    {
        lock (_lock)
        {
            if (!policy.IsDue(version, _latest) || !_writing.IsCompleted)
                return false;

            _latest = version;
            return true;
        }
    }

    private void Note(SnapshotHeader header)
    {
        lock (_lock)
            (_last, _latest) = (header, header.Position.Version);
    }

    private void Write(SnapshotTarget target, SnapshotHeader header, ReadOnlyMemory<byte> payload)
    {
        lock (_lock)
        {
            _writing = Task.Run(() =>
            {
                using (target)
                    target.TryWrite(header, payload);
            });
        }
    }
}
