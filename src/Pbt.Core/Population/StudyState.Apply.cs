using Pbt.Core.Studies;

namespace Pbt.Core.Population;

public sealed partial class StudyState
{
    private int _comparedByAll;

    /// <summary>Brings the state from one version to the next.</summary>
    /// <exception cref="DamagedStoreException">The event does not follow from the state: the log is not one that pbt wrote.</exception>
    public void Apply(RecordedEvent recorded)
    {
        Check(recorded);
        if (_attempts.Count > 0 && recorded.Event is not WorkerJoined && recorded.Time > LastTime)
            ActiveTime = Sum(ActiveTime, recorded.Time - LastTime);

        Apply(recorded.Event, recorded.Time);
        if (recorded.Event is StudyCreated or SpecChanged)
            SpecVersion = recorded.Version;

        Version = recorded.Version;
        LastTime = recorded.Time;
    }

    private void Apply(StudyEvent happened, DateTimeOffset time)
    {
        switch (happened)
        {
            case StudyCreated e:
                _spec = e.Spec;
                Created = time;
                break;
            case MemberCreated e:
                _members.Add(new MemberState(e.Member, e.Hyperparameters));
                _kept.Add(new Queue<CheckpointId>());
                break;
            case WorkerJoined e:
                _workers[e.Worker] = new WorkerState(e.Worker, e.Host, e.Pid, e.BootId, e.StartTime, e.Slots);
                break;
            case WorkerLeft e:
                Remove(e.Worker);
                break;
            case WorkerLost e:
                Remove(e.Worker);
                break;
            case AttemptStarted e:
                Start(e, time);
                break;
            case AttemptReleased e:
                End(_attempts[e.Attempt]).Phase = MemberPhase.Ready;
                break;
            case AttemptFailed e:
                Fail(e, time);
                break;
            case IntervalCompleted e:
                Complete(e, time);
                break;
            case MemberDecided e:
                Decide(e);
                break;
            case MemberRetired e:
                Retire(_members[e.Member.Value]);
                break;
            default:
                ApplyControl(happened);
                break;
        }
    }

    private void ApplyControl(StudyEvent happened)
    {
        switch (happened)
        {
            case StudyPaused:
                Phase = StudyPhase.Paused;
                break;
            case StudyResumed:
                Resume();
                break;
            case StudyStopped:
                EndAllAttempts();
                Phase = StudyPhase.Stopped;
                EndReason = "stopped by a user";
                break;
            case StudyEnded e:
                EndAllAttempts();
                Phase = e.Outcome == StudyOutcome.Completed ? StudyPhase.Completed : StudyPhase.Failed;
                EndReason = e.Reason;
                break;
            case SpecChanged e:
                ChangeSpec(e.Spec);
                break;
            default:
                ApplyDamage(happened);
                break;
        }
    }

    private void ApplyDamage(StudyEvent happened)
    {
        switch (happened)
        {
            case CheckpointDamaged e:
                Damage(e);
                break;
            case MemberRecovered e:
                Recover(e);
                break;
            case LogRepaired e:
                Repair(e);
                break;
            default:
                throw new InvalidOperationException($"There is no fold for {happened.GetType().Name}.");
        }
    }

    // A log of nonsense times must not overflow.
    private static TimeSpan Sum(TimeSpan a, TimeSpan b) => b > TimeSpan.MaxValue - a ? TimeSpan.MaxValue : a + b;

    private void Start(AttemptStarted e, DateTimeOffset time)
    {
        var member = _members[e.Member.Value];
        var attempt = new RunningAttempt(e.Attempt, e.Member, e.Interval, e.Worker, e.CheckpointIn, e.Seed, time);
        _attempts.Add(e.Attempt, attempt);
        _ledger.Need(e.CheckpointIn);
        RaiseBest(member, e.CheckpointIn);
        member.Running = attempt;
        member.Phase = MemberPhase.Running;
        NextAttempt = new AttemptId(e.Attempt.Value + 1);
        if (Phase == StudyPhase.Created)
            Phase = StudyPhase.Running;
    }

    /// <summary>Takes a running attempt away from its member and returns the member.</summary>
    private MemberState End(RunningAttempt attempt)
    {
        _attempts.Remove(attempt.Id);
        _ledger.Release(attempt.CheckpointIn);
        var member = _members[attempt.Member.Value];
        member.Running = null;
        return member;
    }

    private void Remove(WorkerId worker)
    {
        _workers.Remove(worker);
        foreach (var attempt in InOrder(_attempts.Values.Where(a => a.Worker == worker)))
            End(attempt).Phase = MemberPhase.Ready;
    }

    private void EndAllAttempts()
    {
        foreach (var attempt in InOrder(_attempts.Values))
            End(attempt).Phase = MemberPhase.Ready;
    }

    // A dictionary's order depends on how it came to be, and what is released must not.
    private static List<RunningAttempt> InOrder(IEnumerable<RunningAttempt> attempts) => [.. attempts.OrderBy(static a => a.Id)];

    private void Fail(AttemptFailed e, DateTimeOffset time)
    {
        var attempt = _attempts[e.Attempt];
        var member = End(attempt);
        member.Failures = member.Failures.With(e.Kind);
        member.FailuresSinceResume = member.FailuresSinceResume.With(e.Kind);
        member.LastFailure = e.Reason;
        member.Phase = MemberPhase.Ready;
        if (!e.Exhausted)
            return;

        FailedIntervals++;
        EndInterval(member, new IntervalRecord
        {
            Interval = attempt.Interval,
            Attempt = attempt.Id,
            Score = null,
            Hyperparameters = member.Hyperparameters,
            Donor = member.Donor,
            Start = attempt.CheckpointIn,
            Checkpoint = null,
            Steps = 0,
            LineageSteps = attempt.CheckpointIn is { } start ? Find(start)?.LineageSteps ?? 0 : 0,
            Seconds = 0,
            Time = time,
        });
        if (Spec.Exploit is NoExploit && !AreCandidates && member.Phase != MemberPhase.Finished)
            member.Phase = MemberPhase.Failed;
    }

    private void Complete(IntervalCompleted e, DateTimeOffset time)
    {
        var attempt = _attempts[e.Attempt];
        var member = End(attempt);
        var checkpoint = new CheckpointId(attempt.Member, attempt.Interval, attempt.Id);
        var record = new IntervalRecord
        {
            Interval = attempt.Interval,
            Attempt = attempt.Id,
            Score = e.Score,
            Smoothed = ScoreSmoothing.Of(this, e.Score, attempt.CheckpointIn),
            Hyperparameters = member.Hyperparameters,
            Donor = member.Donor,
            Start = attempt.CheckpointIn,
            Checkpoint = checkpoint,
            Steps = e.Steps,
            LineageSteps = (attempt.CheckpointIn is { } start ? Find(start)?.LineageSteps ?? 0 : 0) + e.Steps,
            Seconds = e.Seconds,
            Samples = e.Samples,
            Metrics = e.Metrics,
            Time = time,
        };
        member.Latest = record;
        CompletedIntervals++;
        TotalSteps += e.Steps;
        Keep(member, checkpoint);
        SetStart(member, checkpoint);
        Rank(new BestInterval(member.Id, record));
        EndInterval(member, record);
        RaiseBest(member, checkpoint);
    }

    private void EndInterval(MemberState member, IntervalRecord record)
    {
        member.Append(record);
        member.Donor = null;
        if (record.Score is not null)
            ForgetFailures(member);

        member.Phase = Spec.Budget.Intervals is { } limit && member.Intervals >= limit ? MemberPhase.Finished : MemberPhase.Undecided;
        ReleaseCompared();
    }

    private void Decide(MemberDecided e)
    {
        var member = _members[e.Member.Value];
        member.Donor = e.Donor;
        member.Hyperparameters = e.Hyperparameters ?? member.Hyperparameters;
        if (e.Checkpoint is { } inherited)
            SetStart(member, inherited);

        if (e.Action == MemberAction.Rescue)
            ForgetFailures(member);

        member.Phase = MemberPhase.Ready;
        ReleaseCompared();
    }

    /// <summary>Lets go of a candidate's checkpoints; with the last of them, who failed and found no substitute has failed for good.</summary>
    private void Retire(MemberState member)
    {
        member.Phase = MemberPhase.Retired;
        SetStart(member, start: null);
        _ledger.Release(member.Best?.Record.Checkpoint);
        member.Best = null;
        var kept = _kept[member.Id.Value];
        while (kept.TryDequeue(out var checkpoint))
            _ledger.Release(checkpoint);

        if (!AreCandidates && Spec.Exploit is NoExploit)
        {
            foreach (var failed in _members.Where(static m => m is { Phase: MemberPhase.Undecided, LastIntervalFailed: true }))
                failed.Phase = MemberPhase.Failed;
        }

        ReleaseCompared();
    }

    private static void ForgetFailures(MemberState member)
    {
        member.Failures = default;
        member.FailuresSinceResume = default;
    }

    private void SetStart(MemberState member, CheckpointId? start)
    {
        _ledger.Need(start);
        _ledger.Release(member.Start);
        member.Start = start;
    }

    /// <summary>Keeps the last k checkpoints of a member, and those that slower members will be compared with.</summary>
    private void Keep(MemberState member, CheckpointId checkpoint)
    {
        if (Spec.Compare != ScoreComparison.Latest && checkpoint.Interval > _comparedByAll)
            _ledger.Need(checkpoint);

        _ledger.Need(checkpoint);
        var kept = _kept[member.Id.Value];
        kept.Enqueue(checkpoint);
        TrimKept(kept);
    }

    private void TrimKept(Queue<CheckpointId> kept)
    {
        while (kept.Count > Math.Max(1, Spec.Checkpoints.KeepLast))
            _ledger.Release(kept.Dequeue());
    }

    /// <summary>Lets go of the checkpoints of intervals on which every member has decided: nobody is compared with them again.</summary>
    private void ReleaseCompared()
    {
        if (Spec.Compare == ScoreComparison.Latest)
            return;

        var decided = int.MaxValue;
        foreach (var member in _members)
        {
            if (member.Phase is not (MemberPhase.Failed or MemberPhase.Retired))
                decided = Math.Min(decided, member.Phase == MemberPhase.Undecided ? member.Intervals - 1 : member.Intervals);
        }

        for (; _comparedByAll < decided && decided < int.MaxValue; _comparedByAll++)
        {
            foreach (var member in _members)
            {
                if (member.Intervals > _comparedByAll)
                    _ledger.Release(member.History[_comparedByAll].Checkpoint);
            }
        }
    }

    private void Rank(BestInterval candidate)
    {
        var fitness = Spec.Objective.Fitness(candidate.Record.ComparedScore!.Value);
        var place = _best.Count;
        while (place > 0 && Spec.Objective.Fitness(_best[place - 1].Record.ComparedScore!.Value) < fitness)
            place--;

        if (place >= Math.Max(1, Spec.Checkpoints.KeepBest))
            return;

        _best.Insert(place, candidate);
        _ledger.Need(candidate.Record.Checkpoint);
        TrimBest();
    }

    private void TrimBest()
    {
        while (_best.Count > Math.Max(1, Spec.Checkpoints.KeepBest))
        {
            _ledger.Release(_best[^1].Record.Checkpoint);
            _best.RemoveAt(_best.Count - 1);
        }
    }

    /// <summary>Lets the study go on; in a failed one, intervals that failed and were not decided on are open again.</summary>
    private void Resume()
    {
        var failed = Phase == StudyPhase.Failed;
        Phase = CompletedIntervals + FailedIntervals > 0 ? StudyPhase.Running : StudyPhase.Created;
        EndReason = null;
        if (!failed)
            return;

        foreach (var member in _members)
        {
            member.FailuresSinceResume = default;
            if (member.Phase is not (MemberPhase.Undecided or MemberPhase.Failed) || !member.LastIntervalFailed)
                continue;

            member.Donor = member.History[^1].Donor;
            member.RemoveLast();
            FailedIntervals--;
            member.Phase = MemberPhase.Ready;
        }
    }

    private void ChangeSpec(StudySpec spec)
    {
        _spec = spec;
        foreach (var kept in _kept)
            TrimKept(kept);

        TrimBest();
        foreach (var member in _members)
        {
            if (member.Phase is MemberPhase.Ready or MemberPhase.Undecided && member.Intervals >= (spec.Budget.Intervals ?? int.MaxValue))
                member.Phase = MemberPhase.Finished;
            else if (member.Phase == MemberPhase.Finished && (spec.Budget.Intervals is not { } limit || member.Intervals < limit))
                member.Phase = member.LastIntervalFailed && spec.Exploit is NoExploit ? MemberPhase.Failed : MemberPhase.Undecided;
        }

        if (Phase == StudyPhase.Completed)
        {
            Phase = StudyPhase.Running;
            EndReason = null;
        }
    }
}
