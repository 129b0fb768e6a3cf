using Pbt.Core.Exploit;
using Pbt.Core.Explore;
using Pbt.Core.Population;
using Pbt.Core.Randomness;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Scheduling;

/// <summary>What a member goes on from when the checkpoint that it was to start from is damaged.</summary>
/// <remarks>Pure: a function of the study's state at one version.</remarks>
public static class Recovery
{
    /// <summary>Whether the member cannot start as it is.</summary>
    public static bool IsDue(StudyState state, MemberState member) => state.IsDamaged(member.Start);

    /// <summary>The newest intact ancestor of the damaged start; else what a donor has; else the study's beginning.</summary>
    /// <remarks>
    /// From an ancestor or from the beginning it goes on with its own hyperparameters, or with those of the study's schedule for
    /// these weights; from a donor, which is drawn as for a
    /// failed member, with the donor's, explored; by perturb where the study's own strategy is a deferred one. Where the study has no exploit, nobody is a donor.
    /// </remarks>
    /// <param name="state">The study.</param>
    /// <param name="member">One for which it is due.</param>
    public static MemberRecovered Of(StudyState state, MemberState member)
    {
        if (IntactAncestor(state, member.Start) is { } ancestor)
            return new(member.Id, member.Intervals, Donor: null, ancestor, Scheduled(state, member, ancestor));

        var spec = state.Spec;
        var ranking = Ranking.Latest(state).Without(member.Id);
        if (spec.Exploit is NoExploit || ranking.Count == 0)
            return new(member.Id, member.Intervals, Donor: null, Checkpoint: null, Scheduled(state, member, checkpoint: null));

        var random = new RandomStream(spec.Seed, member.Id.Value, member.Intervals, RandomPurpose.Recovery);
        var rescuers = ExploitStrategy.Of(spec).Rescuers(state, member, ranking);
        var donor = MemberDecisions.DrawRescuer(spec, rescuers, random);
        var context = new ExploreContext(state, member, donor.Record.Hyperparameters, donor, random) { Start = donor.Record.Checkpoint };
        var explored = ExploreStrategy.Immediate(spec.Explore).Explore(context);
        return new(member.Id, member.Intervals, donor.Member, donor.Record.Checkpoint, explored);
    }

    /// <summary>What a schedule has for the weights gone back to; null where there is none.</summary>
    private static Hyperparameters? Scheduled(StudyState state, MemberState member, CheckpointId? checkpoint) =>
        state.Spec.Explore is ScheduleExplore schedule ? schedule.At(ScheduleStrategy.StepsIn(state, member.Id, checkpoint)) : null;

    /// <summary>The newest checkpoint in the lineage of a damaged one that is still kept and not known to be damaged.</summary>
    private static CheckpointId? IntactAncestor(StudyState state, CheckpointId? damaged)
    {
        var next = damaged;
        while (next is { } id && !state.IsLive(id))
            next = state.Find(id)?.Start;

        return next;
    }
}
