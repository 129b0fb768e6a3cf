using System.Collections.Immutable;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Population;

/// <summary>Something that happened in a study: one line of its log.</summary>
/// <remarks>Immutable. A study's state is the fold of its events and nothing else.</remarks>
public abstract record StudyEvent;

/// <summary>The study came to be.</summary>
/// <param name="Format">The log's format; a reader refuses a higher one than it knows.</param>
/// <param name="Spec">What the study is to do.</param>
/// <param name="PbtVersion">The version that created it.</param>
public sealed record StudyCreated(int Format, StudySpec Spec, string PbtVersion) : StudyEvent
{
    /// <summary>The format that this version writes.</summary>
    public const int CurrentFormat = 1;
}

/// <summary>A member got its first hyperparameters.</summary>
public sealed record MemberCreated(MemberId Member, Hyperparameters Hyperparameters) : StudyEvent;

/// <summary>A worker offers its slots.</summary>
/// <param name="Worker">Its name.</param>
/// <param name="Host">The host's name, for people.</param>
/// <param name="Pid">Its process id on that host.</param>
/// <param name="BootId">Which boot of the host and which namespace of process ids, or null where unknown.</param>
/// <param name="StartTime">When the process started, in the host's clock ticks since its boot; 0 where unknown.</param>
/// <param name="Slots">Attempts it runs at a time.</param>
public sealed record WorkerJoined(WorkerId Worker, string Host, int Pid, string? BootId, long StartTime, int Slots) : StudyEvent;

/// <summary>A worker took its leave; it had given its attempts back.</summary>
public sealed record WorkerLeft(WorkerId Worker) : StudyEvent;

/// <summary>A worker was found dead; its attempts are lost and will be repeated.</summary>
public sealed record WorkerLost(WorkerId Worker, string Reason) : StudyEvent;

/// <summary>A worker began an attempt.</summary>
/// <param name="Attempt">The attempt's number.</param>
/// <param name="Member">Whose interval it runs.</param>
/// <param name="Interval">Which one, from 1.</param>
/// <param name="Worker">Who runs it.</param>
/// <param name="CheckpointIn">Where it starts from; null is from scratch, or from the study's initial checkpoint.</param>
/// <param name="Seed">The trainer's seed.</param>
public sealed record AttemptStarted(AttemptId Attempt, MemberId Member, int Interval, WorkerId Worker, CheckpointId? CheckpointIn, int Seed) : StudyEvent;

/// <summary>A worker gave an attempt back unfinished, by no fault of the trainer's.</summary>
public sealed record AttemptReleased(AttemptId Attempt, string Reason) : StudyEvent;

/// <summary>An attempt failed by the trainer's own fault.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="Kind">How.</param>
/// <param name="Reason">In words.</param>
/// <param name="LogTail">The last lines of its log, or null.</param>
/// <param name="Exhausted">Whether this was the interval's last attempt, so that the interval failed.</param>
public sealed record AttemptFailed(AttemptId Attempt, FailureKind Kind, string Reason, string? LogTail, bool Exhausted) : StudyEvent;

/// <summary>How an attempt failed.</summary>
public enum FailureKind
{
    /// <summary>The trainer ended with an error, or with a signal that a program brings upon itself.</summary>
    Crashed,

    /// <summary>It took longer than allowed.</summary>
    TimedOut,

    /// <summary>Its result could not be read.</summary>
    InvalidResult,

    /// <summary>Its score was NaN, infinite or missing.</summary>
    InvalidScore,

    /// <summary>Its checkpoint was missing or could not be taken over.</summary>
    InvalidCheckpoint,

    /// <summary>It could not be started.</summary>
    NotStarted,

    /// <summary>Something outside ended the trainer by a signal: the out-of-memory killer, a batch system, a person.</summary>
    Killed,

    /// <summary>It said what the session protocol does not allow.</summary>
    BrokenProtocol,
}

/// <summary>An attempt ended well, and so did its interval.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="Score">The objective's value; finite.</param>
/// <param name="Steps">Trainer steps of the interval.</param>
/// <param name="Seconds">How long the attempt took, on its worker's monotonic clock.</param>
/// <param name="Samples">Single measurements behind the score, such as episode returns; empty if none.</param>
/// <param name="Metrics">Other measurements by name; empty if none.</param>
public sealed record IntervalCompleted(
    AttemptId Attempt,
    double Score,
    long Steps,
    double Seconds,
    ImmutableArray<double> Samples,
    ImmutableSortedDictionary<string, double> Metrics) : StudyEvent;

/// <summary>What was decided for a member at the end of an interval.</summary>
public enum MemberAction
{
    /// <summary>It goes on as it is.</summary>
    Continue,

    /// <summary>It goes on with its own weights and new hyperparameters.</summary>
    Explore,

    /// <summary>It takes what a donor has.</summary>
    Exploit,

    /// <summary>Its interval failed, and it takes a donor's weights and hyperparameters.</summary>
    Rescue,
}

/// <summary>A decision was taken for a member.</summary>
/// <param name="Member">For whom.</param>
/// <param name="Interval">After which interval.</param>
/// <param name="Action">What.</param>
/// <param name="Donor">The donor of an exploit or a rescue; else null.</param>
/// <param name="Checkpoint">The donor's checkpoint, if its weights are inherited; else null.</param>
/// <param name="Hyperparameters">The new hyperparameters; null if they stay.</param>
public sealed record MemberDecided(
    MemberId Member,
    int Interval,
    MemberAction Action,
    MemberId? Donor,
    CheckpointId? Checkpoint,
    Hyperparameters? Hyperparameters) : StudyEvent
{
    /// <summary>Where it comes from if it was computed outside the store's lock; null if it was taken on the event before it.</summary>
    public Proposal? Proposal { get; init; }
}

/// <summary>What a decision was computed from that was computed outside the store's lock.</summary>
/// <param name="BasedOn">The number of the last event that it took into account.</param>
/// <param name="Request">The SHA-256, in hexadecimal, of what a user's program was handed; null if no program was asked.</param>
public sealed record Proposal(long BasedOn, string? Request = null);

/// <summary>A candidate is not among the best, or lent its place what it has: it trains no more.</summary>
/// <param name="Member">Which candidate; its index is not below the population.</param>
/// <param name="Interval">After which interval.</param>
public sealed record MemberRetired(MemberId Member, int Interval) : StudyEvent;

/// <summary>A checkpoint was found damaged or missing when an attempt was to start from it: it is never used again.</summary>
/// <param name="Checkpoint">Which one.</param>
/// <param name="Reason">Which of its files differs, and how.</param>
public sealed record CheckpointDamaged(CheckpointId Checkpoint, string Reason) : StudyEvent;

/// <summary>A member whose start is damaged goes on from something else.</summary>
/// <param name="Member">Which member.</param>
/// <param name="Interval">After which interval; 0 before the first.</param>
/// <param name="Donor">Who rescues it; null if it goes on from an ancestor of what is damaged, or from scratch.</param>
/// <param name="Checkpoint">What it goes on from; null is from scratch, or from the study's initial checkpoint.</param>
/// <param name="Hyperparameters">The new hyperparameters; null if they stay.</param>
public sealed record MemberRecovered(
    MemberId Member,
    int Interval,
    MemberId? Donor,
    CheckpointId? Checkpoint,
    Hyperparameters? Hyperparameters) : StudyEvent;

/// <summary>A damaged log was cut to what was intact; whoever worked on what was cut counts as lost.</summary>
/// <param name="CutEvents">How many events were cut, as far as they could be counted.</param>
/// <param name="NextAttempt">The number that the next attempt gets: above all that the cut part may have used.</param>
/// <param name="Reason">What was damaged, in words.</param>
public sealed record LogRepaired(long CutEvents, AttemptId NextAttempt, string Reason) : StudyEvent;

/// <summary>Another study began from this one's checkpoints: they are kept for good.</summary>
/// <param name="Study">The other's name.</param>
/// <param name="Directory">Its directory, absolute.</param>
/// <param name="Interval">The generation, or the interval of each member, that it begins after; at least 1.</param>
/// <param name="Checkpoints">What its members start from, in their order; those that start from none are left out.</param>
public sealed record StudyForked(string Study, string Directory, int Interval, ImmutableArray<CheckpointId> Checkpoints) : StudyEvent;

/// <summary>No new attempts start until the study is resumed.</summary>
public sealed record StudyPaused : StudyEvent;

/// <summary>A paused, stopped or failed study goes on; failed intervals get their attempts anew.</summary>
public sealed record StudyResumed : StudyEvent;

/// <summary>A user ended the study.</summary>
public sealed record StudyStopped : StudyEvent;

/// <summary>The study ended by itself.</summary>
/// <param name="Outcome">Completed or failed.</param>
/// <param name="Reason">In words.</param>
public sealed record StudyEnded(StudyOutcome Outcome, string Reason) : StudyEvent;

/// <summary>How a study ended by itself.</summary>
public enum StudyOutcome
{
    /// <summary>A limit of its budget was reached.</summary>
    Completed,

    /// <summary>Nothing could make progress any more.</summary>
    Failed,
}

/// <summary>The spec changed under a running study.</summary>
/// <param name="Spec">The new spec, whole.</param>
/// <param name="Changes">The paths that changed, for people.</param>
public sealed record SpecChanged(StudySpec Spec, ImmutableArray<string> Changes) : StudyEvent;

/// <summary>An event with its place and time in the log.</summary>
/// <param name="Version">1, 2, … without gaps.</param>
/// <param name="Time">The writer's clock: for people and for the wall-clock budget, never for liveness.</param>
/// <param name="Event">What happened.</param>
public sealed record RecordedEvent(long Version, DateTimeOffset Time, StudyEvent Event);
