namespace Pbt.Storage.Journal.Snapshots;

/// <summary>When a snapshot is worth writing.</summary>
/// <param name="LeastEvents">Not before so many events since the last one.</param>
/// <param name="Part">And not before these are one part in so many of the log: so an event costs the same however long the log is.</param>
internal readonly record struct SnapshotPolicy(long LeastEvents, int Part)
{
    /// <summary>Folding 50,000 events takes a twentieth of a second.</summary>
    public static readonly SnapshotPolicy Default = new(50_000, 4);

    /// <summary>Whether it is at a version, if the last snapshot is of another.</summary>
    public bool IsDue(long version, long last) => version - last >= Math.Max(LeastEvents, version / Part);
}
