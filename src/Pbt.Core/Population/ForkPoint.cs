using System.Collections.Immutable;
using Pbt.Core.SearchSpaces;

namespace Pbt.Core.Population;

/// <summary>What a member goes on with after an interval: its state right after the decision on it.</summary>
/// <param name="Member">Which member.</param>
/// <param name="Checkpoint">What its next interval starts from; null is from where the study itself began.</param>
/// <param name="Hyperparameters">What its next interval is trained with.</param>
/// <param name="Steps">Trainer steps in these weights, along the lineage.</param>
public sealed record ForkPoint(MemberId Member, CheckpointId? Checkpoint, Hyperparameters Hyperparameters, long Steps)
{
    /// <summary>The member's state after an interval, or null if nothing is decided on it.</summary>
    /// <remarks>After the study's last interval nothing is decided: the member goes on as it is.</remarks>
    public static ForkPoint? Of(StudyState state, MemberState member, int interval)
    {
        if (interval < First(state) || interval > member.Intervals)
            return null;

        if (interval < member.Intervals)
            return Of(state, member.Id, member.History[interval].Start, member.History[interval].Hyperparameters);

        return member.Phase is MemberPhase.Ready or MemberPhase.Running or MemberPhase.Finished
            ? Of(state, member.Id, member.Start, member.Hyperparameters)
            : null;
    }

    /// <summary>The intervals after which every member's state is known and its checkpoint is still kept.</summary>
    public static ImmutableArray<int> Available(StudyState state)
    {
        var available = ImmutableArray.CreateBuilder<int>();
        var members = MembersOf(state);
        var most = members.Select(static m => m.Intervals).DefaultIfEmpty().Min();
        for (var interval = First(state); interval <= most; interval++)
        {
            if (members.All(member => Of(state, member, interval)?.IsKept(state) == true))
                available.Add(interval);
        }

        return available.ToImmutable();
    }

    /// <summary>The members that a fork has: candidates that were not chosen are none.</summary>
    public static IReadOnlyList<MemberState> MembersOf(StudyState state) => [.. state.Members.Take(state.Spec.Population)];

    /// <summary>The first interval that can be forked from: candidates must be chosen.</summary>
    private static int First(StudyState state) =>
        state.AreCandidates ? int.MaxValue : state.Spec.FirstMembers > state.Spec.Population ? state.Spec.Initial.CandidateIntervals : 1;

    /// <summary>Whether its checkpoint is there, as far as the log knows.</summary>
    public bool IsKept(StudyState state) => Checkpoint is not { } checkpoint || state.IsLive(checkpoint);

    private static ForkPoint Of(StudyState state, MemberId member, CheckpointId? start, Hyperparameters hyperparameters)
    {
        var steps = start is { } checkpoint ? state.Find(checkpoint)?.LineageSteps ?? 0 : state.Spec.StartStepsOf(member.Value);
        return new(member, start, hyperparameters, steps);
    }
}
