using Pbt.Core.Studies;

namespace Pbt.Core.Population;

/// <content>What every event must follow from.</content>
public sealed partial class StudyState
{
    /// <summary>Throws unless the event follows from the state; changes nothing.</summary>
    /// <exception cref="DamagedStoreException">It does not: the log is not one that pbt wrote.</exception>
    public void Check(RecordedEvent recorded)
    {
        if (recorded.Version != Version + 1)
            throw new DamagedStoreException($"the study's log is damaged: event {recorded.Version} follows event {Version}");

        if (!Follows(recorded.Event))
            throw new DamagedStoreException($"the study's log is damaged: an event does not follow from those before it: {recorded.Event}");
    }

    private bool Follows(StudyEvent happened)
    {
        // Workers may come before the study and go unknown, and a pause may come at any time: that says nothing of any member.
        if (happened is WorkerJoined joined)
            return joined.Worker.IsValid && joined.Slots > 0;

        if (happened is WorkerLeft or WorkerLost or StudyPaused)
            return happened is not StudyPaused || !HasEnded;

        if (happened is StudyCreated || !Exists)
            return happened is StudyCreated && !Exists;

        return happened switch
        {
            MemberCreated e => e.Member.Value == _members.Count && _members.Count < Spec.FirstMembers,
            AttemptStarted e => MayStart(e),
            AttemptReleased e => _attempts.ContainsKey(e.Attempt),
            AttemptFailed e => _attempts.ContainsKey(e.Attempt),
            IntervalCompleted e => _attempts.ContainsKey(e.Attempt) && double.IsFinite(e.Score) && e.Steps >= 0 && e.Steps <= long.MaxValue - TotalSteps,
            MemberDecided e => MayDecide(e),
            MemberRetired e => MayRetire(e),
            CheckpointDamaged e => Find(e.Checkpoint) is not null && !IsDamaged(e.Checkpoint),
            MemberRecovered e => MayRecover(e),
            LogRepaired e => e.NextAttempt.Value >= NextAttempt.Value && e.NextAttempt.Value <= AttemptId.Highest,
            StudyResumed => Phase is StudyPhase.Paused or StudyPhase.Stopped or StudyPhase.Failed,
            StudyStopped or StudyEnded => !HasEnded,
            SpecChanged e => e.Spec.Population == Spec.Population && e.Spec.FirstMembers == Spec.FirstMembers && e.Spec.Compare == Spec.Compare,
            _ => true,
        };
    }

    private bool Has(MemberId id) => id.Value >= 0 && id.Value < _members.Count;

    private bool MayStart(AttemptStarted e) =>
        !HasEnded && Has(e.Member) && this[e.Member] is { Running: null, Phase: MemberPhase.Ready } member &&
        e.Interval == member.Intervals + 1 && e.Attempt.Value >= NextAttempt.Value && e.Attempt.Value <= AttemptId.Highest &&
        _workers.ContainsKey(e.Worker) && (e.CheckpointIn is not { } start || _ledger.IsLive(start));

    private bool MayRecover(MemberRecovered e) =>
        Has(e.Member) && this[e.Member] is { Phase: MemberPhase.Ready } member && e.Interval == member.Intervals && IsDamaged(member.Start) &&
        (e.Donor is not { } donor || Has(donor)) && (e.Checkpoint is not { } start || _ledger.IsLive(start));

    private bool MayRetire(MemberRetired e) =>
        AreCandidates && Has(e.Member) && e.Member.Value >= Spec.Population &&
        this[e.Member] is { Phase: MemberPhase.Undecided } member && e.Interval == member.Intervals;

    private bool MayDecide(MemberDecided e) =>
        Has(e.Member) && this[e.Member] is { Phase: MemberPhase.Undecided } member && e.Interval == member.Intervals &&
        (e.Donor is not { } donor || Has(donor)) && (e.Checkpoint is not { } inherited || _ledger.IsLive(inherited));
}
