using System.Collections.Immutable;

namespace Pbt.Core.Population;

/// <summary>Consecutive intervals of a member, each of which goes on from the weights that the one before it left.</summary>
/// <param name="Number">Which segment of the member's, from 1.</param>
/// <param name="Intervals">Its ended intervals, in order; at least one.</param>
public sealed record LineageSegment(int Number, ImmutableArray<IntervalRecord> Intervals)
{
    /// <summary>The segments of a member's ended intervals: one ends where the next interval starts from other weights than the member's own last.</summary>
    /// <remarks>A failed interval leaves what it started from. Inherited hyperparameters alone end no segment.</remarks>
    public static ImmutableArray<LineageSegment> Of(IReadOnlyList<IntervalRecord> history)
    {
        var segments = ImmutableArray.CreateBuilder<LineageSegment>();
        var first = 0;
        for (var i = 1; i <= history.Count; i++)
        {
            if (i < history.Count && history[i].Start == (history[i - 1].Checkpoint ?? history[i - 1].Start))
                continue;

            segments.Add(new LineageSegment(segments.Count + 1, [.. history.Skip(first).Take(i - first)]));
            first = i;
        }

        return segments.ToImmutable();
    }
}
