using System.Collections.Immutable;
using System.Text.Json;
using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Core.Wording;

namespace Pbt.Core.Hooks;

/// <summary>Decides which hooks are run for an event, and what they are told.</summary>
/// <remarks>
/// Pure. A hook is run for what happened since it is in the spec: an event goes by the spec that held when it was written.
/// </remarks>
public static class HookCalls
{
    /// <summary>Whether hooks may be run for an event, whatever the spec and the state.</summary>
    public static bool MayFollow(StudyEvent happened) =>
        happened is IntervalCompleted or MemberDecided or MemberRecovered or AttemptFailed or WorkerLost or StudyStopped or StudyEnded;

    /// <summary>The hooks that are to be run for an event, in their order.</summary>
    /// <param name="recorded">The event.</param>
    /// <param name="before">The state that it is about to be folded into.</param>
    public static ImmutableArray<HookCall> Of(RecordedEvent recorded, StudyState before)
    {
        if (!MayFollow(recorded.Event) || !before.Exists || before.Spec.Hooks.IsEmpty)
            return [];

        var wanted = before.Spec.Hooks.Commands;
        return [.. Occasions(recorded.Event, before).Where(o => wanted.ContainsKey(o.Kind)).Select(o => Call(o, recorded, before))];
    }

    private static HookCall Call(HookOccasion occasion, RecordedEvent recorded, StudyState before)
    {
        var words = EventWords.Of(recorded, before)?.Text ?? Completed(occasion);
        return new HookCall(occasion.Kind, recorded.Version, HookJson.Write(occasion, recorded, before.Spec.Name, words), Values(occasion, recorded, before, words));
    }

    private static string Completed(HookOccasion occasion) => $"{occasion.Member} completed interval {occasion.Interval}: {Words.Score(occasion.Score)}";

    private static Dictionary<string, string> Values(HookOccasion occasion, RecordedEvent recorded, StudyState before, string words) => new(StringComparer.Ordinal)
    {
        ["study"] = before.Spec.Name,
        ["kind"] = HookWords.Of(occasion.Kind),
        ["version"] = Invariant($"{recorded.Version}"),
        ["member"] = Invariant($"{occasion.Member?.Value}"),
        ["donor"] = Invariant($"{occasion.Donor?.Value}"),
        ["interval"] = Invariant($"{occasion.Interval}"),
        ["score"] = Invariant($"{occasion.Score:R}"),
        ["checkpoint"] = occasion.Checkpoint?.ToString() ?? string.Empty,
        ["words"] = words,
    };

    private static IEnumerable<HookOccasion> Occasions(StudyEvent happened, StudyState before) => happened switch
    {
        IntervalCompleted e => Completed(e, before),
        MemberDecided { Action: MemberAction.Exploit or MemberAction.Rescue } e => [Decided(e, before)],
        MemberRecovered { Donor: not null } e => [Recovered(e, before)],
        AttemptFailed e => [Failed(e, before)],
        WorkerLost e => [new(HookKind.Lost) { Worker = e.Worker, Reason = e.Reason }],
        StudyStopped => [Finished(before, "stopped", "stopped by a user")],
        StudyEnded e => [Finished(before, Words.Lower(e.Outcome), e.Reason)],
        _ => [],
    };

    private static IEnumerable<HookOccasion> Completed(IntervalCompleted e, StudyState before)
    {
        if (before.Find(e.Attempt) is not { } attempt)
            yield break;

        var completed = new HookOccasion(HookKind.Interval)
        {
            Member = attempt.Member,
            Donor = before[attempt.Member].Donor,
            Interval = attempt.Interval,
            Score = e.Score,
            Checkpoint = new CheckpointId(attempt.Member, attempt.Interval, attempt.Id),
            Hyperparameters = before[attempt.Member].Hyperparameters,
            Worker = attempt.Worker,
        };
        yield return completed;
        if (before.IsNewBest(e))
            yield return completed with { Kind = HookKind.Best };
    }

    private static HookOccasion Decided(MemberDecided e, StudyState before) => new(e.Action == MemberAction.Rescue ? HookKind.Rescue : HookKind.Exploit)
    {
        Member = e.Member,
        Donor = e.Donor,
        Interval = e.Interval,
        Score = before[e.Member].LastIntervalFailed ? null : before[e.Member].Latest?.Score,
        Checkpoint = e.Checkpoint,
        Hyperparameters = e.Hyperparameters ?? before[e.Member].Hyperparameters,
        Before = before[e.Member].Hyperparameters,
    };

    private static HookOccasion Recovered(MemberRecovered e, StudyState before) => new(HookKind.Rescue)
    {
        Member = e.Member,
        Donor = e.Donor,
        Interval = e.Interval,
        Checkpoint = e.Checkpoint,
        Hyperparameters = e.Hyperparameters ?? before[e.Member].Hyperparameters,
        Before = before[e.Member].Hyperparameters,
    };

    private static HookOccasion Failed(AttemptFailed e, StudyState before)
    {
        var attempt = before.Find(e.Attempt);
        return new(HookKind.Failed)
        {
            Member = attempt?.Member,
            Interval = attempt?.Interval,
            Hyperparameters = attempt is null ? null : before[attempt.Member].Hyperparameters,
            Worker = attempt?.Worker,
            Outcome = JsonNamingPolicy.SnakeCaseLower.ConvertName(e.Kind.ToString()),
            Reason = e.Reason,
        };
    }

    private static HookOccasion Finished(StudyState before, string outcome, string reason) => new(HookKind.Finished)
    {
        Member = before.Best?.Member,
        Interval = before.Best?.Record.Interval,
        Score = before.Best?.Record.Score,
        Checkpoint = before.Best?.Record.Checkpoint,
        Hyperparameters = before.Best?.Record.Hyperparameters,
        Outcome = outcome,
        Reason = reason,
    };

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
