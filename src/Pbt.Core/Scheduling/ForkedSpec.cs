using System.Collections.Immutable;
using Pbt.Core.Population;
using Pbt.Core.Randomness;
using Pbt.Core.Studies;

namespace Pbt.Core.Scheduling;

/// <summary>The spec of a study that goes on from an interval of another.</summary>
public static class ForkedSpec
{
    /// <summary>The parent's spec, its members as they were right after the interval.</summary>
    /// <remarks>
    /// Its intervals are counted from 1 again, so its budget and its burn-in are the parent's less the interval; of a budget
    /// that leaves nothing, one interval remains. Its seed is drawn from the parent's, so that its draws are not those of the
    /// parent's first intervals.
    /// </remarks>
    /// <param name="parent">The parent's spec.</param>
    /// <param name="directory">The parent's directory, absolute.</param>
    /// <param name="interval">After which interval it begins.</param>
    /// <param name="points">The state of every member, in their order.</param>
    /// <param name="locate">Where a checkpoint of the parent is.</param>
    public static StudySpec Of(StudySpec parent, string directory, int interval, ImmutableArray<ForkPoint> points, Func<CheckpointId, string> locate)
    {
        ImmutableArray<string?> starts = [.. points.Select(p => p.Checkpoint is { } checkpoint ? locate(checkpoint) : parent.StartOf(p.Member.Value))];
        return parent with
        {
            Name = $"{parent.Name}-at-{interval}",
            Seed = new RandomStream(parent.Seed, member: 0, interval, RandomPurpose.ForkSeed).NextUInt64() >> 32,
            Ancestor = new(parent.Name, directory, interval),
            Budget = parent.Budget with { Intervals = parent.Budget.Intervals is { } intervals ? Math.Max(1, intervals - interval) : null },
            BurnIn = Math.Max(0, parent.BurnIn - interval),
            InitialCheckpoint = null,
            Initial = new ExplicitInitial([.. points.Select(static p => p.Hyperparameters)])
            {
                Checkpoints = starts,
                CheckpointSteps = [.. points.Select(static p => p.Steps)],
            },
        };
    }
}
