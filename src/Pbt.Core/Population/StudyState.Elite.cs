namespace Pbt.Core.Population;

/// <content>The best that each member had, where the exploit goes back to it.</content>
public sealed partial class StudyState
{
    /// <summary>Keeps the checkpoint for the member if the exploit asks for it and it is the best that it had.</summary>
    /// <remarks>
    /// Called when an interval starts from it and when one ends with it, never by a decision: those of one generation do not
    /// depend on each other.
    /// </remarks>
    private void RaiseBest(MemberState member, CheckpointId? checkpoint)
    {
        if (!Spec.Exploit.KeepsBestOfEach || checkpoint is not { } id || IsDamaged(id) || Find(id) is not { ComparedScore: { } score } record)
            return;

        if (member.Best is { Record.ComparedScore: { } best } && Spec.Objective.Fitness(best) >= Spec.Objective.Fitness(score))
            return;

        _ledger.Need(id);
        _ledger.Release(member.Best?.Record.Checkpoint);
        member.Best = new(id.Member, record);
    }

    /// <summary>Gives those whose best is damaged the best of what is still there of their own.</summary>
    private void RefillBestOfEach(CheckpointId damaged)
    {
        foreach (var member in _members)
        {
            if (member.Best?.Record.Checkpoint != damaged)
                continue;

            member.Best = null;
            foreach (var id in _ledger.Live.Where(id => id.Member == member.Id || id == member.Start).OrderBy(static id => id.Attempt))
                RaiseBest(member, id);
        }
    }
}
