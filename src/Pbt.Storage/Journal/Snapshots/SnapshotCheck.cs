using Pbt.Core.Population;
using Pbt.Core.Population.Snapshots;

namespace Pbt.Storage.Journal.Snapshots;

/// <summary>Compares a study's snapshot with the fold of its log: for those who read every event anyway.</summary>
/// <remarks>Not thread-safe.</remarks>
public sealed class SnapshotCheck
{
    private readonly byte[] _payload;

    private SnapshotCheck(string path, long version, byte[] payload)
    {
        Path = path;
        Version = version;
        _payload = payload;
    }

    /// <summary>Where the snapshot is.</summary>
    public string Path { get; }

    /// <summary>The version of the log that it stands for.</summary>
    public long Version { get; }

    /// <summary>Whether it is the fold of the log; null as long as <see cref="Note"/> has not met its version.</summary>
    public bool? Agrees { get; private set; }

    /// <summary>Reads the snapshot of a study; null if there is none that would be used.</summary>
    public static SnapshotCheck? Open(StudyDirectory directory)
    {
        try
        {
            using var journal = JournalFile.Open(directory.Journal, writable: false);
            return SnapshotFile.Read(directory.Snapshot, journal, journal.Length) is (var header, { } payload)
                ? new(directory.Snapshot, header.Position.Version, payload)
                : null;
        }
        catch (Exception e) when (SnapshotFile.IsHarmless(e))
        {
            return null;
        }
    }

    /// <summary>Compares if the state is at the snapshot's version; to be called after each event.</summary>
    public void Note(StudyState state)
    {
        if (state.Version == Version)
            Agrees = StudySnapshot.Encode(state).Span.SequenceEqual(_payload) && StudySnapshot.Decode(_payload) is not null;
    }
}
