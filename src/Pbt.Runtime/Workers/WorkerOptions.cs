using Pbt.Runtime.Processes;
using Pbt.Runtime.Resources;
using Pbt.Runtime.Trainers;

namespace Pbt.Runtime.Workers;

/// <summary>How a worker works.</summary>
public sealed record WorkerOptions
{
    /// <summary>The slots it offers; at least one.</summary>
    public required IReadOnlyList<Slot> Slots { get; init; }

    /// <summary>Makes the runner of a slot; the guard ends what the runner starts if the worker dies.</summary>
    public required Func<TrainerGuard?, IAttemptRunner> Runners { get; init; }

    /// <summary>How many attempts at once each slot may be given, if its runner can take them; 1 by default.</summary>
    public int Places { get; init; } = 1;

    /// <summary>Whether runners start processes, so that a guard is needed.</summary>
    public required bool NeedsGuard { get; init; }

    /// <summary>The longest that trainers may go on once the worker is asked to stop; null for the study's own grace.</summary>
    public TimeSpan? LongestGrace { get; init; }

    /// <summary>The machine it runs on; null is the one that this process runs on.</summary>
    public IWorkerMachine? Machine { get; init; }
}

/// <summary>Why a worker ended.</summary>
public enum WorkerExit
{
    /// <summary>The study has ended.</summary>
    StudyEnded,

    /// <summary>It was asked to stop.</summary>
    Stopped,
}
