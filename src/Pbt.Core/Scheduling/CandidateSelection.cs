using System.Collections.Immutable;
using Pbt.Core.Exploit;
using Pbt.Core.Explore;
using Pbt.Core.Population;
using Pbt.Core.Randomness;
using Pbt.Core.Studies;

namespace Pbt.Core.Scheduling;

/// <summary>Chooses the members among the candidates: best n of m.</summary>
/// <remarks>
/// <para>
/// Pure: a function of the study's state at one version. Until all m candidates have ended the interval at which they are
/// compared, each continues after every interval, a failed one too, and nobody exploits or explores. Then the n best by
/// their score at that interval go on. A candidate below n that is not among them takes weights and hyperparameters,
/// unexplored, of one of the best at n or above: the lowest index those of the best of these. All at n and above retire.
/// </para>
/// <para>
/// Failed candidates are not ranked. Where fewer than n are, a failed one below n for which no substitute is left is rescued:
/// it takes what a draw among the top has, explored. In a study without exploit it has failed. Where all have failed nothing
/// is chosen.
/// </para>
/// </remarks>
internal static class CandidateSelection
{
    /// <summary>What follows for the undecided candidates, in order; ends with the retirements once the members are chosen.</summary>
    /// <param name="state">A study of which the members are candidates.</param>
    public static ImmutableArray<StudyEvent> Due(StudyState state)
    {
        var events = ImmutableArray.CreateBuilder<StudyEvent>();
        var interval = state.Spec.Initial.CandidateIntervals;
        var haveEnded = state.Members.Count == state.Spec.FirstMembers;
        foreach (var member in state.Members)
        {
            if (member.Phase == MemberPhase.Undecided && member.Intervals < interval)
                events.Add(Continue(member));

            haveEnded &= member.Phase == MemberPhase.Undecided && member.Intervals >= interval;
        }

        if (haveEnded && state.Members.Any(static m => !m.LastIntervalFailed))
            Choose(state, Ranking.At(state, interval), events);

        return events.ToImmutable();
    }

    private static void Choose(StudyState state, Ranking ranking, ImmutableArray<StudyEvent>.Builder events)
    {
        var population = state.Spec.Population;
        var best = ranking.Entries.OrderByDescending(static e => e.Fitness).ThenBy(static e => e.Member).Take(population).ToList();
        var chosen = best.Select(static e => e.Member).ToHashSet();
        var substitutes = new Queue<RankedMember>(best.Where(e => e.Member.Value >= population));
        foreach (var member in state.Members.Take(population))
        {
            if (!chosen.Contains(member.Id) && substitutes.TryDequeue(out var substitute))
                events.Add(new MemberDecided(member.Id, member.Intervals, MemberAction.Exploit, substitute.Member, substitute.Record.Checkpoint, substitute.Record.Hyperparameters));
            else if (!member.LastIntervalFailed)
                events.Add(Continue(member));
            else if (state.Spec.Exploit is not NoExploit && ranking.Count > 0)
                events.Add(Rescue(state, member, ranking));
        }

        foreach (var member in state.Members.Skip(population))
            events.Add(new MemberRetired(member.Id, member.Intervals));
    }

    private static MemberDecided Rescue(StudyState state, MemberState member, Ranking ranking)
    {
        var donor = MemberDecisions.DrawRescuer(state.Spec, ranking, Draws(RandomPurpose.Rescue));
        var explored = ExploreStrategy.Immediate(state.Spec.Explore)
            .Explore(new(state, member, donor.Record.Hyperparameters, donor, Draws(RandomPurpose.Explore)) { Start = donor.Record.Checkpoint });
        return new(member.Id, member.Intervals, MemberAction.Rescue, donor.Member, donor.Record.Checkpoint, explored);

        RandomStream Draws(RandomPurpose purpose) => new(state.Spec.Seed, member.Id.Value, member.Intervals, purpose);
    }

    private static MemberDecided Continue(MemberState member) =>
        new(member.Id, member.Intervals, MemberAction.Continue, Donor: null, Checkpoint: null, Hyperparameters: null);
}
