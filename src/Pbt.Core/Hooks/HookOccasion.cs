using Pbt.Core.Population;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Hooks;

/// <summary>Something that hooks may be run for, with what is known of it; null is what does not apply.</summary>
/// <param name="Kind">What happened.</param>
internal sealed record HookOccasion(HookKind Kind)
{
    /// <summary>Whom it happened to; at the study's end, who has the best score.</summary>
    public MemberId? Member { get; init; }

    /// <summary>The donor.</summary>
    public MemberId? Donor { get; init; }

    /// <summary>Which interval.</summary>
    public int? Interval { get; init; }

    /// <summary>The score of the interval.</summary>
    public double? Score { get; init; }

    /// <summary>The checkpoint that the interval gave, or that the member goes on from.</summary>
    public CheckpointId? Checkpoint { get; init; }

    /// <summary>The hyperparameters that the interval had, or that the member goes on with.</summary>
    public Hyperparameters? Hyperparameters { get; init; }

    /// <summary>The hyperparameters that the member had before.</summary>
    public Hyperparameters? Before { get; init; }

    /// <summary>The worker.</summary>
    public WorkerId? Worker { get; init; }

    /// <summary>How the study ended, or how the attempt failed, in one word.</summary>
    public string? Outcome { get; init; }

    /// <summary>Why, in words.</summary>
    public string? Reason { get; init; }
}
