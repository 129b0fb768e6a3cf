namespace Pbt.Testing.Simulation;

/// <summary>What became of a simulated study.</summary>
/// <param name="Scenario">Which.</param>
/// <param name="Violation">What happened that never may, or null.</param>
/// <param name="Completed">Completed intervals.</param>
/// <param name="Failed">Failed intervals.</param>
/// <param name="Events">Events in its log.</param>
/// <param name="Turns">Turns that its processes took.</param>
/// <param name="Processes">Workers that were started.</param>
/// <param name="Time">How long it took, in its own time.</param>
/// <param name="OutcomeDigest">Of its end.</param>
/// <param name="Fingerprint">A number that differs if anything happened differently.</param>
/// <param name="Faults">How many of each kind happened.</param>
/// <param name="Recent">The last events and faults, oldest first; empty without a violation.</param>
public sealed record FaultReport(
    FaultScenario Scenario,
    string? Violation,
    long Completed,
    long Failed,
    long Events,
    long Turns,
    int Processes,
    TimeSpan Time,
    string OutcomeDigest,
    ulong Fingerprint,
    IReadOnlyDictionary<Faults, long> Faults,
    IReadOnlyList<string> Recent);

/// <summary>What a test puts into a simulation to see whether it is found.</summary>
public sealed record FaultDoctor
{
    /// <summary>Between workers and their store.</summary>
    public Func<Storage.IStudyStore, Storage.IStudyStore>? Store { get; init; }

    /// <summary>Between workers and their checkpoints.</summary>
    public Func<Storage.Checkpoints.ICheckpointStore, Storage.Checkpoints.ICheckpointStore>? Checkpoints { get; init; }
}
