using System.Collections.Immutable;
using Pbt.Core.Population;
using Pbt.Core.Randomness;
using Pbt.Core.Studies;

namespace Pbt.Core.Scheduling;

/// <summary>Every change that a study can undergo, as decisions on a transaction.</summary>
/// <remarks>
/// Pure but for the events added to the transaction: no clock, no I/O, no ambient randomness. A call that does not apply
/// adds nothing and says so in its result. Stateless; thread-safe.
/// </remarks>
public static class StudyScheduler
{
    /// <summary>Creates the study and its members; adds nothing if it exists.</summary>
    public static void Create(StudyTransaction transaction, StudySpec spec, string pbtVersion)
    {
        if (transaction.State.Exists)
            return;

        transaction.Add(new StudyCreated(StudyCreated.CurrentFormat, spec, pbtVersion));
        var initial = InitialPopulation.Of(spec);
        for (var i = 0; i < initial.Length; i++)
            transaction.Add(new MemberCreated(new MemberId(i), initial[i]));
    }

    /// <summary>Adds a worker; adds nothing if it has joined.</summary>
    public static void Join(StudyTransaction transaction, WorkerState worker)
    {
        if (transaction.State.Find(worker.Id) is null)
            transaction.Add(new WorkerJoined(worker.Id, worker.Host, worker.Pid, worker.BootId, worker.StartTime, worker.Slots));
    }

    /// <summary>Takes a worker out that goes by itself; whatever it still ran is given back.</summary>
    public static void Leave(StudyTransaction transaction, WorkerId worker)
    {
        if (transaction.State.Find(worker) is not null)
            transaction.Add(new WorkerLeft(worker));
    }

    /// <summary>Takes a worker out that was found dead; its attempts will be repeated with the same seeds.</summary>
    public static void Lose(StudyTransaction transaction, WorkerId worker, string reason)
    {
        if (transaction.State.Find(worker) is not null)
            transaction.Add(new WorkerLost(worker, reason));
    }

    /// <summary>Gives a worker the ready member that is furthest behind.</summary>
    /// <param name="transaction">The study.</param>
    /// <param name="worker">Who asks.</param>
    /// <param name="held">The member it holds in memory: preferred among those equally far behind.</param>
    /// <param name="known">
    /// Given by a worker that tries again because it does not know whether its last claim took effect: the attempts that
    /// its other slots run. An attempt of its own besides these is that claim, and is handed to it once more.
    /// </param>
    public static ClaimResult Claim(StudyTransaction transaction, WorkerId worker, MemberId? held, IReadOnlyCollection<AttemptId>? known = null)
    {
        var state = transaction.State;
        if (state.HasEnded)
            return new ClaimResult.Ended(state.Phase);

        if (state.Find(worker) is null)
            return new ClaimResult.Fenced();

        if (known is not null && state.Attempts.FirstOrDefault(a => a.Worker == worker && !known.Contains(a.Id)) is { } claimed)
            return new ClaimResult.Claimed(new Assignment(claimed.Id, claimed.Member, claimed.Interval, state[claimed.Member].Hyperparameters, claimed.CheckpointIn, claimed.Seed));

        if (state.Phase == StudyPhase.Paused || FurthestBehind(state, held) is not { } member)
            return new ClaimResult.Wait();

        MemberRecovered? recovered = null;
        if (Recovery.IsDue(state, member))
            transaction.Add(recovered = Recovery.Of(state, member));

        var seed = TrainerSeed(state.Spec, member);
        var attempt = state.NextAttempt;
        transaction.Add(new AttemptStarted(attempt, member.Id, member.Intervals + 1, worker, member.Start, seed));
        return new ClaimResult.Claimed(new Assignment(attempt, member.Id, member.Intervals + 1, member.Hyperparameters, member.Start, seed), recovered);
    }

    /// <summary>Records how an attempt ended and takes the decisions that become due.</summary>
    /// <remarks>
    /// To be repeated by a worker that does not know whether it took effect: a completion that is in the log already is
    /// accepted once more and adds nothing.
    /// </remarks>
    /// <param name="transaction">The study.</param>
    /// <param name="worker">Who reports.</param>
    /// <param name="attempt">The attempt; rejected unless it is running at this worker.</param>
    /// <param name="result">How it ended.</param>
    /// <param name="decisions">The decisions of this study's spec.</param>
    public static ReportResult Report(
        StudyTransaction transaction, WorkerId worker, AttemptId attempt, AttemptResult result, MemberDecisions decisions)
    {
        var state = transaction.State;
        if (state.Find(attempt) is not { } running || running.Worker != worker)
        {
            if (result is AttemptResult.Completed && state.HasCompleted(attempt))
                return new ReportResult.Accepted();

            return new ReportResult.Rejected(state.HasEnded ? $"the study has ended: {state.EndReason}" : "the attempt is not the current one any more");
        }

        switch (result)
        {
            case AttemptResult.Completed completed:
                transaction.Add(new IntervalCompleted(
                    attempt, completed.Score, completed.Steps, completed.Duration.TotalSeconds, completed.Samples, completed.Metrics));
                Settlement.Settle(transaction, decisions);
                break;
            case AttemptResult.Failed failed:
                transaction.Add(new AttemptFailed(attempt, failed.Kind, failed.Reason, failed.LogTail, IsExhausted(state, running.Member, failed.Kind)));
                Settlement.Settle(transaction, decisions);
                break;
            case AttemptResult.Released released:
                transaction.Add(new AttemptReleased(attempt, released.Reason));
                break;
            case AttemptResult.StartDamaged damaged:
                transaction.Add(new AttemptReleased(attempt, "the checkpoint that it was to start from is damaged"));
                if (running.CheckpointIn is { } start)
                    Condemn(transaction, start, damaged.Reason);

                break;
            default:
                throw new NotSupportedException($"There is no report of {result.GetType().Name}.");
        }

        return new ReportResult.Accepted();
    }

    /// <summary>Records decisions that were computed outside the store's lock, all or none, and takes those that become due.</summary>
    /// <param name="transaction">The study.</param>
    /// <param name="proposed">What <see cref="Proposals"/> gave.</param>
    /// <param name="decisions">The decisions of this study's spec.</param>
    /// <returns>False if they do not apply any more: somebody else was faster, or what they build on has changed.</returns>
    public static bool Propose(StudyTransaction transaction, IReadOnlyList<MemberDecided> proposed, MemberDecisions decisions)
    {
        var state = transaction.State;
        if (proposed.Count == 0 || state.HasEnded || !proposed.All(decided => Applies(state, decided)))
            return false;

        foreach (var decided in proposed)
            transaction.Add(decided);

        Settlement.Settle(transaction, decisions);
        return true;
    }

    /// <summary>Ends the study as failed; false if it has ended.</summary>
    public static bool GiveUp(StudyTransaction transaction, string reason)
    {
        if (transaction.State.HasEnded)
            return false;

        transaction.Add(new StudyEnded(StudyOutcome.Failed, reason));
        return true;
    }

    private static bool Applies(StudyState state, MemberDecided decided) =>
        decided.Proposal is { } proposal && proposal.BasedOn >= state.SpecVersion &&
        state[decided.Member] is { Phase: MemberPhase.Undecided } member && member.Intervals == decided.Interval &&
        member.LastIntervalFailed == (decided.Action == MemberAction.Rescue) &&
        (decided.Checkpoint is not { } checkpoint || state.IsLive(checkpoint));

    /// <summary>Notes that a checkpoint was found damaged or missing; adds nothing if that is known.</summary>
    public static void Condemn(StudyTransaction transaction, CheckpointId checkpoint, string reason)
    {
        if (!transaction.State.IsDamaged(checkpoint))
            transaction.Add(new CheckpointDamaged(checkpoint, reason));
    }

    /// <summary>Stops new attempts from starting; false if the study has ended or is paused.</summary>
    public static bool Pause(StudyTransaction transaction)
    {
        if (transaction.State.HasEnded || transaction.State.Phase == StudyPhase.Paused)
            return false;

        transaction.Add(new StudyPaused());
        return true;
    }

    /// <summary>Lets a paused, stopped or failed study go on; false if it needs no resuming or is completed.</summary>
    public static bool Resume(StudyTransaction transaction, MemberDecisions decisions)
    {
        if (transaction.State.Phase is not (StudyPhase.Paused or StudyPhase.Stopped or StudyPhase.Failed))
            return false;

        transaction.Add(new StudyResumed());
        Settlement.Settle(transaction, decisions);
        return true;
    }

    /// <summary>Ends the study; false if it has ended.</summary>
    public static bool Stop(StudyTransaction transaction)
    {
        if (transaction.State.HasEnded)
            return false;

        transaction.Add(new StudyStopped());
        return true;
    }

    /// <summary>Ends the study if its wall-clock budget is used up by the transaction's time.</summary>
    public static void EndIfOutOfTime(StudyTransaction transaction) => Settlement.EndIfOutOfTime(transaction);

    /// <summary>Changes the spec; a study that a limit had ended goes on if the new one lets it.</summary>
    public static void ChangeSpec(StudyTransaction transaction, StudySpec spec, ImmutableArray<string> changes)
    {
        transaction.Add(new SpecChanged(spec, changes));
        Settlement.Settle(transaction, new MemberDecisions(spec));
    }

    internal static bool IsExhausted(StudyState state, MemberId member, FailureKind kind) =>
        state[member].FailuresSinceResume.With(kind).IsExhausted(state.Spec.Trainer.MaxAttempts);

    internal static int TrainerSeed(StudySpec spec, MemberState member) =>
        new RandomStream(spec.Seed, member.Id.Value, member.Intervals + 1, RandomPurpose.TrainerSeed, member.Failures.Own).NextInt(int.MaxValue);

    private static MemberState? FurthestBehind(StudyState state, MemberId? held)
    {
        var limit = state.Spec.MaxLead is { } lead ? (long)state.SlowestIntervals() + lead : long.MaxValue;
        MemberState? best = null;
        foreach (var member in state.Members)
        {
            if (member.Phase != MemberPhase.Ready || member.Intervals >= limit)
                continue;

            if (best is null || member.Intervals < best.Intervals || (member.Intervals == best.Intervals && member.Id == held))
                best = member;
        }

        return best;
    }
}
