using Pbt.Core.Studies;

namespace Pbt.Core.Population;

/// <content>Which checkpoints are kept beyond those that members start from.</content>
public sealed partial class StudyState
{
    /// <summary>Keeps the last k checkpoints of a member, and those that slower members will be compared with.</summary>
    private void Keep(MemberState member, CheckpointId checkpoint)
    {
        if (Spec.Compare != ScoreComparison.Latest && checkpoint.Interval > _comparedByAll)
            _ledger.Need(checkpoint);

        if (Spec.Checkpoints.KeepsForGood(checkpoint.Interval))
            _ledger.Need(checkpoint);

        _ledger.Need(checkpoint);
        var kept = _kept[member.Id.Value];
        kept.Enqueue(checkpoint);
        TrimKept(kept);
    }

    /// <summary>Keeps for good what a member goes on from after an interval that is kept: so it can be gone back to as a whole.</summary>
    private void KeepStart(int interval, CheckpointId inherited)
    {
        if (!Spec.Checkpoints.KeepsForGood(interval) || Spec.Checkpoints.KeepsForGood(inherited.Interval))
            return;

        _ledger.Need(inherited);
        _keptStarts.Add(inherited);
    }

    private void TrimKept(Queue<CheckpointId> kept)
    {
        while (kept.Count > Math.Max(1, Spec.Checkpoints.KeepLast))
            _ledger.Release(kept.Dequeue());
    }

    /// <summary>Keeps what the present policy says, of what is still there, and lets go of what only the old one kept.</summary>
    private void KeepFrom(CheckpointPolicy old)
    {
        var policy = Spec.Checkpoints;
        var live = _ledger.Live.OrderBy(static id => id.Attempt).ThenBy(static id => id.Member).ThenBy(static id => id.Interval).ToList();
        foreach (var id in live)
        {
            if (policy.KeepsForGood(id.Interval) && !old.KeepsForGood(id.Interval))
                _ledger.Need(id);
        }

        foreach (var kept in _kept)
            TrimKept(kept);

        TrimBest();
        if (policy.Every != old.Every)
        {
            _keptStarts.ForEach(id => _ledger.Release(id));
            _keptStarts.Clear();
        }

        foreach (var id in live)
        {
            if (old.KeepsForGood(id.Interval) && !policy.KeepsForGood(id.Interval))
                _ledger.Release(id);
        }
    }

    /// <summary>Keeps for good what another study starts from.</summary>
    private void Pin(StudyForked e)
    {
        foreach (var checkpoint in e.Checkpoints)
            _ledger.Need(checkpoint);

        _forks.Add(e);
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

    /// <summary>Whether an interval that is about to be folded has a better score than any before; a tie is none.</summary>
    public bool IsNewBest(IntervalCompleted completed)
    {
        if (Find(completed.Attempt) is not { } attempt)
            return false;

        if (Best is not { Record.ComparedScore: { } best })
            return true;

        var compared = ScoreSmoothing.Of(this, completed.Score, attempt.CheckpointIn) ?? completed.Score;
        return Spec.Objective.Fitness(compared) > Spec.Objective.Fitness(best);
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
}
