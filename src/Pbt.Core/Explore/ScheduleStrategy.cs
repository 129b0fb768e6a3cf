using Pbt.Core.Population;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Explore;

/// <summary>Schedule: the hyperparameters that are given for the steps in a member's weights.</summary>
/// <remarks>No draws. Steps are counted as the spec asks for them, in whole intervals, not as a trainer reports them.</remarks>
internal sealed class ScheduleStrategy(ScheduleExplore spec) : IExploreStrategy
{
    public Hyperparameters Explore(ExploreContext context) => spec.At(StepsIn(context.State, context.Member.Id, context.Start));

    /// <summary>The steps in the weights that a member holds, those that the study began with included.</summary>
    public static long StepsIn(StudyState state, MemberId member, CheckpointId? checkpoint)
    {
        // Where nothing was ever damaged, a member that nobody replaces goes on from its own interval before.
        var intervals = state.DamagedCheckpoints.Count == 0 ? checkpoint?.Interval ?? 0 : Lineage.Of(state, checkpoint).Length;
        return state.Spec.StartStepsOf(member.Value) + (intervals * (state.Spec.Interval.Steps ?? 0));
    }
}
