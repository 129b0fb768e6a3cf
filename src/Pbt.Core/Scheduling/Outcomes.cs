using System.Collections.Immutable;
using Pbt.Core.Population;
using Pbt.Core.SearchSpaces;

namespace Pbt.Core.Scheduling;

/// <summary>An interval to be run by one worker.</summary>
/// <param name="Attempt">The attempt's number.</param>
/// <param name="Member">Whose interval.</param>
/// <param name="Interval">Which one, from 1.</param>
/// <param name="Hyperparameters">What to train with.</param>
/// <param name="CheckpointIn">Where to start from; null is from scratch, or from the study's initial checkpoint.</param>
/// <param name="Seed">The trainer's seed, 0 … 2³¹ − 2.</param>
public sealed record Assignment(
    AttemptId Attempt, MemberId Member, int Interval, Hyperparameters Hyperparameters, CheckpointId? CheckpointIn, int Seed)
{
    /// <summary>The checkpoint that the attempt will produce.</summary>
    public CheckpointId CheckpointOut => new(Member, Interval, Attempt);
}

/// <summary>The answer to a worker that asks for an interval.</summary>
public abstract record ClaimResult
{
    private ClaimResult()
    {
    }

    /// <summary>Here is one.</summary>
    /// <param name="Assignment">What to run.</param>
    /// <param name="Recovered">What the member's damaged start was replaced by in this claim; null if it was intact.</param>
    public sealed record Claimed(Assignment Assignment, MemberRecovered? Recovered = null) : ClaimResult;

    /// <summary>Nothing is ready now; ask again when the log has grown.</summary>
    public sealed record Wait : ClaimResult;

    /// <summary>The study has ended.</summary>
    public sealed record Ended(StudyPhase Phase) : ClaimResult;

    /// <summary>The worker counts as lost: it must end what it runs and join anew.</summary>
    public sealed record Fenced : ClaimResult;
}

/// <summary>How an attempt ended.</summary>
public abstract record AttemptResult
{
    private AttemptResult()
    {
    }

    /// <summary>It completed and its checkpoint is published.</summary>
    /// <param name="Score">The objective's value; finite.</param>
    /// <param name="Steps">Trainer steps.</param>
    /// <param name="Duration">On the worker's monotonic clock.</param>
    /// <param name="Samples">Single measurements behind the score.</param>
    /// <param name="Metrics">Other measurements by name.</param>
    public sealed record Completed(
        double Score, long Steps, TimeSpan Duration, ImmutableArray<double> Samples, ImmutableSortedDictionary<string, double> Metrics) : AttemptResult;

    /// <summary>It failed by the trainer's own fault.</summary>
    public sealed record Failed(FailureKind Kind, string Reason, string? LogTail) : AttemptResult;

    /// <summary>It was given back unfinished, by no fault of the trainer's.</summary>
    public sealed record Released(string Reason) : AttemptResult;

    /// <summary>It never began: the checkpoint that it was to start from is damaged or missing.</summary>
    /// <param name="Reason">Which of its files differs, and how.</param>
    public sealed record StartDamaged(string Reason) : AttemptResult;
}

/// <summary>The answer to a worker that reports an attempt's end.</summary>
public abstract record ReportResult
{
    private ReportResult()
    {
    }

    /// <summary>It is in the log.</summary>
    public sealed record Accepted : ReportResult;

    /// <summary>The attempt was not the current one any more; nothing was recorded and its files must go.</summary>
    public sealed record Rejected(string Reason) : ReportResult;
}
