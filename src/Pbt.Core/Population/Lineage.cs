using System.Collections.Immutable;
using Pbt.Core.SearchSpaces;

namespace Pbt.Core.Population;

/// <summary>One interval whose training is in some weights.</summary>
/// <param name="Member">Who trained it.</param>
/// <param name="Record">What it gave.</param>
public sealed record LineageStep(MemberId Member, IntervalRecord Record);

/// <summary>Consecutive intervals of one member's, along a lineage, with the same hyperparameters.</summary>
/// <param name="Member">Who trained them.</param>
/// <param name="FirstInterval">The first of them.</param>
/// <param name="LastInterval">The last of them.</param>
/// <param name="FirstStep">Trainer steps in the weights before them, those of the weights that the study began with included.</param>
/// <param name="Steps">Trainer steps in them.</param>
/// <param name="Hyperparameters">What they were trained with.</param>
public sealed record ScheduleStretch(
    MemberId Member, int FirstInterval, int LastInterval, long FirstStep, long Steps, Hyperparameters Hyperparameters);

/// <summary>Follows weights back to where they began.</summary>
public static class Lineage
{
    /// <summary>The intervals whose training is in a checkpoint, oldest first; none for null or a checkpoint that the log does not have.</summary>
    /// <remarks>The interval numbers need not be consecutive: a donor may have been at another interval than its copier.</remarks>
    public static ImmutableArray<LineageStep> Of(StudyState state, CheckpointId? checkpoint)
    {
        var steps = ImmutableArray.CreateBuilder<LineageStep>();
        while (checkpoint is { } id && state.Find(id) is { } record)
        {
            steps.Add(new LineageStep(id.Member, record));
            checkpoint = record.Start;
        }

        steps.Reverse();
        return steps.ToImmutable();
    }

    /// <summary>The hyperparameter schedule of a lineage: it changes where one stretch ends and the next begins.</summary>
    public static ImmutableArray<ScheduleStretch> Schedule(ImmutableArray<LineageStep> lineage)
    {
        var stretches = ImmutableArray.CreateBuilder<ScheduleStretch>();
        var trained = lineage.Length == 0 ? 0 : lineage[0].Record.LineageSteps - lineage[0].Record.Steps;
        foreach (var (member, record) in lineage)
        {
            if (stretches.Count > 0 && stretches[^1] is var last && last.Member == member && last.Hyperparameters.Equals(record.Hyperparameters))
                stretches[^1] = last with { LastInterval = record.Interval, Steps = last.Steps + record.Steps };
            else
                stretches.Add(new ScheduleStretch(member, record.Interval, record.Interval, trained, record.Steps, record.Hyperparameters));

            trained += record.Steps;
        }

        return stretches.ToImmutable();
    }
}
