using Pbt.Core.Population;
using Pbt.Core.SearchSpaces;

namespace Pbt.Runtime.Telemetry;

/// <summary>An attempt that has ended, as a span has it.</summary>
/// <param name="Running">What it was when it began.</param>
/// <param name="Hyperparameters">What it trained with.</param>
/// <param name="Donor">From whom its member had inherited just before it; null if from nobody.</param>
/// <param name="Ended">When it ended, by the clock that wrote its beginning.</param>
/// <param name="Outcome">completed, failed or released.</param>
internal sealed record EndedAttempt(RunningAttempt Running, Hyperparameters Hyperparameters, MemberId? Donor, DateTimeOffset Ended, string Outcome)
{
    /// <summary>Its score, if it completed.</summary>
    public double? Score { get; init; }

    /// <summary>Why it ended otherwise.</summary>
    public string? Reason { get; init; }

    /// <summary>The checkpoint that it gave, or was to give.</summary>
    public CheckpointId Checkpoint => new(Running.Member, Running.Interval, Running.Id);
}
