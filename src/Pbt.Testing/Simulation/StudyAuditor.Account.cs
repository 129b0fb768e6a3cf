using Pbt.Core.Population;
using Pbt.Core.Studies;

namespace Pbt.Testing.Simulation;

/// <content>The account: one entry for each event.</content>
internal sealed partial class StudyAuditor
{
    private void Account(VirtualProcess by, StudyEvent happened)
    {
        switch (happened)
        {
            case StudyCreated e:
                _spec = e.Spec;
                break;
            case MemberCreated e:
                Expect(_spec!.Hyperparameters.Contains(e.Hyperparameters), $"{e.Member} begins outside the space: {e.Hyperparameters}");
                _members.Add(new AuditedMember());
                break;
            case WorkerJoined e:
                Expect(_workers.TryAdd(e.Worker, e.Pid), $"{e.Worker} joins twice");
                break;
            case WorkerLeft e:
                Remove(e.Worker);
                break;
            case WorkerLost e:
                Remove(e.Worker);
                break;
            case AttemptStarted e:
                Start(by, e);
                break;
            case AttemptReleased e:
                End(by, e.Attempt);
                break;
            case AttemptFailed e when End(by, e.Attempt) is { } ended:
                if (e.Exhausted)
                    EndInterval(ended.Member, checkpoint: null);
                break;
            case IntervalCompleted e when End(by, e.Attempt) is { } ended:
                Complete(ended, e);
                break;
            case MemberDecided e:
                Decide(e);
                break;
            case MemberRetired e:
                Retire(e);
                break;
            case CheckpointDamaged e:
                Violate($"{e.Checkpoint} is called damaged, and nothing damages checkpoints here: {e.Reason}");
                break;
            default:
                AccountForControl(happened);
                break;
        }
    }

    private void AccountForControl(StudyEvent happened)
    {
        LastProgress = world.Now;
        switch (happened)
        {
            case StudyPaused:
                _phase = StudyPhase.Paused;
                break;
            case StudyResumed:
                Resume();
                break;
            case StudyStopped:
                EndAll(StudyPhase.Stopped);
                break;
            case StudyEnded e:
                EndAll(e.Outcome == StudyOutcome.Completed ? StudyPhase.Completed : StudyPhase.Failed);
                break;
            case SpecChanged e:
                _spec = e.Spec;
                _phase = _phase == StudyPhase.Completed ? StudyPhase.Running : _phase;
                break;
            default:
                break;
        }
    }

    private bool HasEnded => _phase is StudyPhase.Completed or StudyPhase.Failed or StudyPhase.Stopped;

    private void Start(VirtualProcess by, AttemptStarted e)
    {
        var member = _members[e.Member.Value];
        Expect(!HasEnded && _phase != StudyPhase.Paused, $"{e.Attempt} starts although the study is {_phase}");
        Expect(e.Attempt.Value > _lastAttempt, $"{e.Attempt} is not a new number");
        Expect(!member.IsRetired, $"{e.Attempt} is of {e.Member}, which is retired");
        Expect(member.Running is null, $"{e.Member} runs {member.Running} and {e.Attempt}");
        Expect(_workers.TryGetValue(e.Worker, out var process) && process == by.Number, $"p{by.Number} starts {e.Attempt} for {e.Worker}");
        Expect(e.Interval == member.Ended.Count + 1, $"{e.Attempt} starts interval {e.Interval} of {e.Member}, which has ended {member.Ended.Count}");
        Expect(member.IsDecided, $"{e.Attempt} starts before {e.Member} is decided");
        Expect(!AreCandidates || e.Interval <= _spec!.Initial.CandidateIntervals, $"{e.Attempt} starts interval {e.Interval} of the candidate {e.Member}");
        Expect(e.Interval <= (_spec!.Budget.Intervals ?? int.MaxValue), $"{e.Attempt} starts interval {e.Interval} of {_spec.Budget.Intervals}");
        Expect(e.CheckpointIn == member.Start, $"{e.Attempt} starts from {e.CheckpointIn}, and not from {member.Start}");
        Expect(e.CheckpointIn is not { } start || (State.IsLive(start) && vault.Published.ContainsKey(start)), $"{e.Attempt} starts from {e.CheckpointIn}, which is not there");
        if (_members.Count <= SmallPopulation || e.Attempt.Value % SmallPopulation == 0)
            CheckLead(e);

        _lastAttempt = e.Attempt.Value;
        member.Running = e.Attempt;
        _running[e.Attempt] = new AuditedAttempt(e.Member, e.Interval, e.Worker, world.Now);
        _phase = StudyPhase.Running;
    }

    private void CheckLead(AttemptStarted e)
    {
        var slowest = int.MaxValue;
        foreach (var member in _members)
        {
            if (!member.IsRetired && !(member.HasFailed && _spec!.Exploit is NoExploit))
                slowest = Math.Min(slowest, member.Ended.Count);
        }

        if (_spec!.Mode == StudyMode.Synchronous)
            Expect(_hasReopened || e.Interval <= slowest + 1, $"{e.Attempt} starts interval {e.Interval} of {e.Member} while a member has ended {slowest}");
        else if (_spec.MaxLead is { } lead)
            Expect(e.Interval <= slowest + lead, $"{e.Attempt} starts interval {e.Interval} of {e.Member}, more than {lead} ahead of {slowest}");
    }

    private AuditedAttempt? End(VirtualProcess by, AttemptId id)
    {
        if (!_running.Remove(id, out var attempt))
        {
            Violate($"p{by.Number} reports {id}, which is not running");
            return null;
        }

        Expect(_workers.TryGetValue(attempt.Worker, out var process) && process == by.Number, $"p{by.Number} reports {id}, which is {attempt.Worker}'s");
        _members[attempt.Member.Value].Running = null;
        return attempt;
    }

    private void Complete(AuditedAttempt ended, IntervalCompleted e)
    {
        var checkpoint = new CheckpointId(ended.Member, ended.Interval, e.Attempt);
        Expect(double.IsFinite(e.Score), $"{e.Attempt} completed with {e.Score}");
        Expect(vault.Published.ContainsKey(checkpoint), $"{e.Attempt} completed without a checkpoint");
        _members[ended.Member.Value].Start = checkpoint;
        Completed++;
        EndInterval(ended.Member, checkpoint);
    }

    private void EndInterval(MemberId id, CheckpointId? checkpoint)
    {
        LastProgress = world.Now;
        _members[id.Value].Ended.Add(checkpoint);
        _members[id.Value].IsDecided = false;
    }

    private bool AreCandidates => _spec is { } spec && spec.FirstMembers > spec.Population && !_members.Exists(static m => m.IsRetired);

    private void Retire(MemberRetired e)
    {
        var member = _members[e.Member.Value];
        Expect(e.Member.Value >= _spec!.Population, $"{e.Member} is retired, and is a member of the population");
        Expect(!member.IsRetired && !member.IsDecided && member.Running is null, $"{e.Member} is retired twice, or while it trains");
        Expect(e.Interval == _spec.Initial.CandidateIntervals && _members.TrueForAll(m => m.Ended.Count >= e.Interval), $"{e.Member} is retired at {e.Interval}, before all candidates have ended it");
        member.IsRetired = true;
        member.IsDecided = true;
    }

    private void Decide(MemberDecided e)
    {
        var member = _members[e.Member.Value];
        Expect(!member.IsDecided && e.Interval == member.Ended.Count, $"{e.Member} is decided on at {e.Interval}, having ended {member.Ended.Count}");
        Expect(e.Hyperparameters is null || _spec!.Hyperparameters.Contains(e.Hyperparameters), $"{e.Member} leaves the space: {e.Hyperparameters}");
        Expect(e.Checkpoint is null || e.Donor is not null, $"{e.Member} inherits from nobody");
        if (e.Donor is { } id)
            CheckDonor(e, _members[id.Value]);

        member.IsDecided = true;
        member.Start = e.Checkpoint ?? member.Start;
    }

    private void CheckDonor(MemberDecided e, AuditedMember donor)
    {
        Expect(!AreCandidates || e.Interval == _spec!.Initial.CandidateIntervals, $"{e.Member} takes from {e.Donor} at {e.Interval}, while they are candidates");
        // An exploit that goes back to the best takes it from any interval, also of a retired one that it had it from.
        var goesBack = _spec!.Exploit.KeepsBestOfEach && e.Action == MemberAction.Exploit;
        Expect(goesBack || !donor.IsRetired, $"{e.Member} takes from {e.Donor}, which is retired");
        if (!goesBack)
            CheckHeld(e, donor);
        else
            Expect(e.Checkpoint is not { } back || donor.Ended.Contains(back), $"{e.Member} takes {e.Checkpoint} from {e.Donor}, which never had it");

        Expect(e.Checkpoint is not { } taken || (State.IsLive(taken) && vault.Published.ContainsKey(taken)), $"{e.Member} takes {e.Checkpoint}, which is not there");
    }

    private void CheckHeld(MemberDecided e, AuditedMember donor)
    {
        var compare = _spec!.Mode == StudyMode.Synchronous || e.Action == MemberAction.Rescue ? ScoreComparison.Latest : _spec.Compare;
        var at = compare switch
        {
            ScoreComparison.SameInterval => e.Interval,
            ScoreComparison.UpToInterval => Math.Min(e.Interval, donor.Ended.Count),
            _ => donor.Ended.Count,
        };
        var held = at >= 1 && at <= donor.Ended.Count ? donor.Ended[at - 1] : null;
        Expect(held is not null, $"{e.Member} takes from {e.Donor}, whose interval {at} failed");
        Expect(e.Checkpoint is null || e.Checkpoint == held, $"{e.Member} takes {e.Checkpoint} from {e.Donor}, which has {held}");
    }

    private void Remove(WorkerId worker)
    {
        Expect(_workers.Remove(worker), $"{worker} goes twice");
        foreach (var (id, attempt) in _running.Where(r => r.Value.Worker == worker).ToList())
        {
            _running.Remove(id);
            _members[attempt.Member.Value].Running = null;
        }
    }

    private void EndAll(StudyPhase phase)
    {
        Expect(!HasEnded, $"the study ends twice");
        _phase = phase;
        foreach (var attempt in _running.Values)
            _members[attempt.Member.Value].Running = null;

        _running.Clear();
    }

    private void Resume()
    {
        var failed = _phase == StudyPhase.Failed;
        _phase = StudyPhase.Running;
        if (!failed)
            return;

        foreach (var member in _members.Where(m => m is { HasFailed: true, IsDecided: false } && m.Ended.Count < (_spec!.Budget.Intervals ?? int.MaxValue)))
        {
            _hasReopened = true;
            member.Ended.RemoveAt(member.Ended.Count - 1);
            member.IsDecided = true;
        }
    }
}
