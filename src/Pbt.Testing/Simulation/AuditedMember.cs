using Pbt.Core.Population;

namespace Pbt.Testing.Simulation;

/// <summary>A member as the auditor has it: kept apart from the fold, to be compared with it.</summary>
internal sealed class AuditedMember
{
    /// <summary>The attempt of each ended interval; null where it failed.</summary>
    public List<CheckpointId?> Ended { get; } = [];

    /// <summary>The running attempt, or null.</summary>
    public AttemptId? Running { get; set; }

    /// <summary>Where its next interval must start.</summary>
    public CheckpointId? Start { get; set; }

    /// <summary>Whether a decision followed the last interval.</summary>
    public bool IsDecided { get; set; } = true;

    /// <summary>Whether it was a candidate and is not a member.</summary>
    public bool IsRetired { get; set; }

    /// <summary>Whether its last interval failed.</summary>
    public bool HasFailed => Ended.Count > 0 && Ended[^1] is null;
}

/// <summary>A running attempt as the auditor has it.</summary>
internal sealed record AuditedAttempt(MemberId Member, int Interval, WorkerId Worker, TimeSpan Since);
