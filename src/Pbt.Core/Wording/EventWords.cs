using Pbt.Core.Population;

namespace Pbt.Core.Wording;

/// <summary>What an event is about, for those who choose what to show.</summary>
public enum NewsKind
{
    /// <summary>A member took something from another, or was rescued by it.</summary>
    Inheritance,

    /// <summary>An attempt or an interval failed, or a worker was lost.</summary>
    Failure,

    /// <summary>The best score so far.</summary>
    Best,

    /// <summary>A worker came or went.</summary>
    Worker,

    /// <summary>The study as a whole changed.</summary>
    Study,
}

/// <summary>An event in words.</summary>
/// <param name="Time">When it was written.</param>
/// <param name="Kind">What it is about.</param>
/// <param name="Text">A clause in one line, safe to print.</param>
public sealed record News(DateTimeOffset Time, NewsKind Kind, string Text);

/// <summary>Says in words what happened.</summary>
public static class EventWords
{
    private const int LongestReason = 200;

    /// <summary>The event in words, or null if it is nothing that people need to hear of.</summary>
    /// <param name="recorded">The event.</param>
    /// <param name="before">The state that it is about to be folded into.</param>
    public static News? Of(RecordedEvent recorded, StudyState before) => recorded.Event switch
    {
        IntervalCompleted e => Completed(e, before) is { } text ? new News(recorded.Time, NewsKind.Best, text) : null,
        AttemptFailed e => new News(recorded.Time, NewsKind.Failure, Failed(e, before)),
        MemberDecided e => Decided(e, before) is { } text ? new News(recorded.Time, NewsKind.Inheritance, text) : null,
        MemberRetired e => new News(recorded.Time, NewsKind.Inheritance, Retired(e, before)),
        WorkerJoined e => new News(
            recorded.Time, NewsKind.Worker, $"worker {Name(e.Worker)} joined from {Words.OneLine(e.Host)} with {Words.Count(e.Slots, "slot")}"),
        WorkerLeft e => new News(recorded.Time, NewsKind.Worker, $"worker {Name(e.Worker)} left"),
        WorkerLost e => new News(recorded.Time, NewsKind.Failure, Lost(e, before)),
        CheckpointDamaged e => new News(recorded.Time, NewsKind.Failure, Damaged(e, before)),
        MemberRecovered e => new News(recorded.Time, NewsKind.Failure, Recovered(e, before)),
        LogRepaired e => new News(recorded.Time, NewsKind.Failure, Repaired(e, before)),
        var happened => Control(happened) is { } text ? new News(recorded.Time, NewsKind.Study, text) : null,
    };

    private static string? Control(StudyEvent happened) => happened switch
    {
        StudyCreated e => $"study {e.Spec.Name} was created with {Words.Members(e.Spec)}",
        StudyPaused => "the study was paused: no new attempts start",
        StudyResumed => "the study was resumed",
        StudyStopped => "the study was stopped by a user",
        StudyEnded e => $"the study {Words.Lower(e.Outcome)}: {Reason(e.Reason)}",
        StudyForked e => $"{Words.Fork(e)} was forked from the study",
        SpecChanged e => $"the spec was changed: {string.Join(", ", e.Changes.Select(Words.OneLine))}",
        _ => null,
    };

    private static string Retired(MemberRetired e, StudyState before)
    {
        var taker = before.Members.FirstOrDefault(m => m.Donor == e.Member && m.Intervals == e.Interval);
        return taker is null
            ? $"{e.Member} is retired at interval {e.Interval}: it is not among the best {before.Spec.Population} of {before.Members.Count} candidates"
            : $"{e.Member} is retired at interval {e.Interval}: {taker.Id} goes on with what it has";
    }

    private static string? Completed(IntervalCompleted e, StudyState before)
    {
        if (!before.IsNewBest(e) || before.Find(e.Attempt) is not { } attempt)
            return null;

        var which = before.CompletedIntervals == 0 ? "first" : "best";
        var than = before.Best is { Record.Score: { } best } ? $" (before: {Words.Score(best)})" : string.Empty;
        return $"{attempt.Member} set the {which} score at interval {attempt.Interval}: {Words.Score(e.Score)}{than}";
    }

    private static string Failed(AttemptFailed e, StudyState before)
    {
        if (before.Find(e.Attempt) is not { } attempt)
            return $"attempt {e.Attempt} failed: {Reason(e.Reason)}";

        if (e.Exhausted)
            return $"{attempt.Member} failed interval {attempt.Interval}: {Reason(e.Reason)}";

        var failures = before[attempt.Member].FailuresSinceResume.With(e.Kind);
        return e.Kind == FailureKind.Killed
            ? $"{attempt.Member} was killed at interval {attempt.Interval}, time {failures.Killed} of {FailureCount.MaxKills}: {Reason(e.Reason)}"
            : $"{attempt.Member} failed at interval {attempt.Interval}, attempt {failures.Own} of {before.Spec.Trainer.MaxAttempts}: {Reason(e.Reason)}";
    }

    private static string? Decided(MemberDecided e, StudyState before)
    {
        var changes = e.Hyperparameters is { } after ? Words.Changes(before[e.Member].Hyperparameters, after) : string.Empty;
        var tail = changes.Length == 0 ? string.Empty : $": {changes}";
        return e.Action switch
        {
            MemberAction.Exploit when e.Donor == e.Member => $"{e.Member} went back to {Earlier(e)} at interval {e.Interval}{tail}",
            MemberAction.Exploit => $"{e.Member} took {e.Donor}'s {Taken(e)} at interval {e.Interval}{tail}",
            MemberAction.Rescue => $"{e.Member} was rescued by {e.Donor} at interval {e.Interval}{tail}",
            _ => null,
        };
    }

    private static string Earlier(MemberDecided e) => e.Checkpoint is { } checkpoint ? $"its checkpoint of interval {checkpoint.Interval}" : "earlier hyperparameters";

    private static string Taken(MemberDecided e) => e.Checkpoint is null ? "hyperparameters" : "weights";

    private static string Lost(WorkerLost e, StudyState before)
    {
        var attempts = before.Attempts.Count(a => a.Worker == e.Worker);
        var lost = attempts == 0 ? string.Empty : $"; {Words.Count(attempts, "attempt")} will be repeated";
        return $"worker {Name(e.Worker)} was lost: {Reason(e.Reason)}{lost}";
    }

    private static string Damaged(CheckpointDamaged e, StudyState before)
    {
        var starting = before.Members.Where(m => m.Start == e.Checkpoint).Select(static m => m.Id).ToList();
        var who = starting.Count == 0 ? string.Empty : $"; {string.Join(", ", starting)} cannot start from it";
        return $"checkpoint {e.Checkpoint} is damaged: {Reason(e.Reason)}{who}";
    }

    private static string Recovered(MemberRecovered e, StudyState before) => (e.Donor, e.Checkpoint) switch
    {
        ({ } donor, { } checkpoint) => $"{e.Member} was rescued by {donor} and goes on from {checkpoint}: {Words.Changes(before[e.Member].Hyperparameters, e.Hyperparameters ?? before[e.Member].Hyperparameters)}",
        (_, { } checkpoint) => $"{e.Member} goes on from {checkpoint}, its newest intact ancestor",
        _ => $"{e.Member} begins anew: no checkpoint that it could go on from is left",
    };

    private static string Repaired(LogRepaired e, StudyState before)
    {
        var lost = before.Attempts.Count == 0 ? string.Empty : $"; {Words.Count(before.Attempts.Count, "attempt")} will be repeated";
        return $"the log was repaired: {Words.Count(e.CutEvents, "event")} cut, since {Reason(e.Reason)}{lost}";
    }

    private static string Name(WorkerId worker) => Words.OneLine(worker.Value);

    private static string Reason(string reason) => Words.Fit(Words.OneLine(reason), LongestReason);
}
