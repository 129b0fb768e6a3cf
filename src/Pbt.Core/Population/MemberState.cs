using System.Collections.Immutable;
using Pbt.Core.SearchSpaces;

namespace Pbt.Core.Population;

/// <summary>What a member is doing.</summary>
public enum MemberPhase
{
    /// <summary>Waiting for a worker.</summary>
    Ready,

    /// <summary>An attempt is running.</summary>
    Running,

    /// <summary>Its interval ended and the decision on what comes next is outstanding.</summary>
    Undecided,

    /// <summary>All its intervals are done.</summary>
    Finished,

    /// <summary>It failed and is not replaced, since the study has no exploit.</summary>
    Failed,

    /// <summary>A candidate that was not chosen, or whose place another took with what it has: it is over for it.</summary>
    Retired,
}

/// <summary>One ended interval of a member.</summary>
public sealed record IntervalRecord
{
    /// <summary>Which interval, from 1.</summary>
    public required int Interval { get; init; }

    /// <summary>The attempt that ended it.</summary>
    public required AttemptId Attempt { get; init; }

    /// <summary>The score; null if the interval failed.</summary>
    public required double? Score { get; init; }

    /// <summary>The score, smoothed along the lineage of the weights; null if the study does not smooth or the interval failed.</summary>
    public double? Smoothed { get; init; }

    /// <summary>What the interval is compared by: the smoothed score, else the score; null if the interval failed.</summary>
    public double? ComparedScore => Smoothed ?? Score;

    /// <summary>The hyperparameters it was trained with.</summary>
    public required Hyperparameters Hyperparameters { get; init; }

    /// <summary>From whom the member inherited just before it; null if from nobody.</summary>
    public required MemberId? Donor { get; init; }

    /// <summary>The checkpoint it started from; null is from scratch.</summary>
    public required CheckpointId? Start { get; init; }

    /// <summary>The checkpoint it produced; null if the interval failed.</summary>
    public required CheckpointId? Checkpoint { get; init; }

    /// <summary>Trainer steps in it.</summary>
    public required long Steps { get; init; }

    /// <summary>Trainer steps in the weights at its end, along the lineage.</summary>
    public required long LineageSteps { get; init; }

    /// <summary>How long the attempt took.</summary>
    public required double Seconds { get; init; }

    /// <summary>Single measurements behind the score.</summary>
    public ImmutableArray<double> Samples { get; init; } = [];

    /// <summary>Other measurements by name.</summary>
    public ImmutableSortedDictionary<string, double> Metrics { get; init; } = ImmutableSortedDictionary<string, double>.Empty;

    /// <summary>When it ended.</summary>
    public required DateTimeOffset Time { get; init; }
}

/// <summary>A running attempt.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Member">Whose interval.</param>
/// <param name="Interval">Which interval.</param>
/// <param name="Worker">Who runs it.</param>
/// <param name="CheckpointIn">Where it started from.</param>
/// <param name="Seed">The trainer's seed.</param>
/// <param name="Started">When.</param>
public sealed record RunningAttempt(
    AttemptId Id, MemberId Member, int Interval, WorkerId Worker, CheckpointId? CheckpointIn, int Seed, DateTimeOffset Started);

/// <summary>A member as the log has it.</summary>
/// <remarks>Changed by the fold only; read it under the store's transaction, or from a fold of your own.</remarks>
public sealed partial class MemberState
{
    private readonly IntervalHistory _history;

    internal MemberState(MemberId id, Hyperparameters hyperparameters)
    {
        Id = id;
        Hyperparameters = hyperparameters;
        _history = new(id);
    }

    /// <summary>Which member.</summary>
    public MemberId Id { get; }

    /// <summary>What it is doing.</summary>
    public MemberPhase Phase { get; internal set; } = MemberPhase.Ready;

    /// <summary>Its ended intervals, completed and failed.</summary>
    public int Intervals => _history.Count;

    /// <summary>The hyperparameters of its running or next interval.</summary>
    public Hyperparameters Hyperparameters { get; internal set; }

    /// <summary>The checkpoint its next interval starts from; null is from scratch.</summary>
    public CheckpointId? Start { get; internal set; }

    /// <summary>From whom it inherited since its last interval; null if from nobody.</summary>
    public MemberId? Donor { get; internal set; }

    /// <summary>From whom it inherited last: before its running or next interval, or else before its latest; null if from nobody.</summary>
    public MemberId? LastDonor => Donor ?? (_history.Count > 0 ? _history[^1].Donor : null);

    /// <summary>The last interval that completed, or null.</summary>
    public IntervalRecord? Latest { get; internal set; }

    /// <summary>
    /// The best interval whose checkpoint it completed or started from, and which is kept; null if there is none yet, or the
    /// study's exploit does not go back to it.
    /// </summary>
    public BestInterval? Best { get; internal set; }

    /// <summary>The running attempt, or null.</summary>
    public RunningAttempt? Running { get; internal set; }

    /// <summary>Failed attempts of the running or next interval so far; those of the trainer's own doing key its next seed.</summary>
    public FailureCount Failures { get; internal set; }

    /// <summary>Of these, those since the study was last resumed: they count towards the limits.</summary>
    public FailureCount FailuresSinceResume { get; internal set; }

    /// <summary>The reason of its last failed attempt, or null.</summary>
    public string? LastFailure { get; internal set; }

    /// <summary>Its ended intervals in order; interval k is at index k − 1.</summary>
    public IReadOnlyList<IntervalRecord> History => _history;

    /// <summary>Whether its last interval failed.</summary>
    public bool LastIntervalFailed => _history.Count > 0 && _history[^1].Score is null;

    /// <summary>Whether its latest score may be ranked: its last interval completed, and it is not retired.</summary>
    public bool IsRanked => Phase != MemberPhase.Retired && Latest is not null && Latest.Interval == _history.Count;

    internal void Append(IntervalRecord record) => _history.Add(record);

    internal void RemoveLast() => _history.RemoveLast();
}
