namespace Pbt.Core.Population;

public sealed partial class StudyState
{
    /// <summary>Takes a checkpoint out of everything that could name it; who starts from it is moved when it is to start.</summary>
    private void Damage(CheckpointDamaged e)
    {
        _ledger.Damage(e.Checkpoint, e.Reason);

        var kept = _kept[e.Checkpoint.Member.Value];
        for (var left = kept.Count; left > 0; left--)
        {
            var checkpoint = kept.Dequeue();
            if (checkpoint != e.Checkpoint)
                kept.Enqueue(checkpoint);
        }

        if (_best.RemoveAll(best => best.Record.Checkpoint == e.Checkpoint) > 0)
            RefillBest();

        RefillBestOfEach(e.Checkpoint);
    }

    /// <summary>Moves up the next best of those intervals whose checkpoints are still there.</summary>
    private void RefillBest()
    {
        var candidates = _ledger.Live
            .Select(id => Find(id) is { } record ? new BestInterval(id.Member, record) : null)
            .OfType<BestInterval>()
            .Where(candidate => !_best.Exists(best => best.Record.Checkpoint == candidate.Record.Checkpoint))
            .OrderBy(static candidate => candidate.Record.Time)
            .ThenBy(static candidate => candidate.Record.Attempt)
            .ToList();
        foreach (var candidate in candidates)
            Rank(candidate);
    }

    private void Recover(MemberRecovered e)
    {
        var member = _members[e.Member.Value];
        SetStart(member, e.Checkpoint);
        member.Donor = e.Donor ?? member.Donor;
        member.Hyperparameters = e.Hyperparameters ?? member.Hyperparameters;
    }

    private void Repair(LogRepaired e)
    {
        EndAllAttempts();
        _workers.Clear();
        NextAttempt = e.NextAttempt;
    }
}
