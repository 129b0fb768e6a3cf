using Pbt.Cli.Output;
using Pbt.Core.Population;

namespace Pbt.Cli.Exports;

/// <summary>The files that Ray Tune's scheduler writes about its decisions.</summary>
internal static class RayFiles
{
    /// <summary>The rows of <c>pbt_global.txt</c>: each decision that changed a member's weights or hyperparameters, in the order of the log.</summary>
    /// <remarks>
    /// An interval counts as one training iteration; the donor's are those in its weights, along their lineage. A member that
    /// only changes its hyperparameters is its own donor.
    /// </remarks>
    public static IEnumerable<string> Global(ExportedStudy study) =>
        study.Decisions
            .Where(static d => d.Source is not null && (d.Donor is not null || d.Checkpoint is not null || !d.Before.Equals(d.After)))
            .Select(static d => ScheduleFormats.RayRow(d.Member, DonorOf(d), d.Interval, d.SourceIntervals, d.Source!.Hyperparameters, d.After));

    /// <summary>Writes <c>pbt_policy_*.txt</c> of a member: the lineage of the weights that it holds; false if they are untrained.</summary>
    public static bool WritePolicy(TextWriter output, StudyState state, MemberState member)
    {
        var lineage = Lineage.Of(state, member.Start);
        ScheduleFormats.WriteRay(output, lineage);
        return lineage.Length > 0;
    }

    /// <summary>Whose the weights or hyperparameters are that the member goes on from.</summary>
    private static MemberId DonorOf(DecisionEntry decision) => decision.Donor ?? decision.Checkpoint?.Member ?? decision.Member;
}
