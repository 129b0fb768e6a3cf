using System.Collections.Immutable;
using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Runtime;
using Pbt.Storage.Checkpoints;

namespace Pbt.Cli;

/// <summary>Finds where a fork begins, and says clearly why it cannot.</summary>
internal static class ForkPoints
{
    private const int MostNamed = 8;

    /// <summary>The state of every member after an interval.</summary>
    /// <exception cref="InvalidRequestException">A member has none, or its checkpoint is not kept any more.</exception>
    public static ImmutableArray<ForkPoint> Of(StudyState state, int interval)
    {
        if (interval < 1)
            throw new InvalidRequestException($"--at is {interval}; intervals are counted from 1");

        if (state.AreCandidates)
            throw new InvalidRequestException($"there is no fork yet: the members are being chosen among candidates, which ends with interval {state.Spec.Initial.CandidateIntervals}");

        var members = ForkPoint.MembersOf(state);
        var points = members.Select(member => ForkPoint.Of(state, member, interval)).ToList();
        if (points.Exists(static p => p is null))
        {
            var late = members.Where((_, i) => points[i] is null).ToList();
            var ended = late.Min(static m => m.Intervals);
            var why = interval < state.Spec.Initial.CandidateIntervals && state.Spec.FirstMembers > state.Spec.Population ? "candidates were still being chosen then"
                : ended < interval ? $"{Names(late.Select(static m => m.Id))} {(late.Count == 1 ? "has" : "have")} not ended interval {interval} yet" : $"nothing has been decided on interval {interval} yet";
            throw new InvalidRequestException($"there is no fork at {interval}: {why}; {Available(state)}");
        }

        var gone = points.OfType<ForkPoint>().Where(p => !p.IsKept(state)).ToList();
        if (gone.Count == 0)
            return [.. points.OfType<ForkPoint>()];

        var damaged = gone.Exists(p => state.IsDamaged(p.Checkpoint)) ? " or damaged" : string.Empty;
        throw new InvalidRequestException(
            $"there is no fork at {interval}: what {Names(gone.Select(static p => p.Member))} went on from is collected{damaged}: {string.Join(", ", gone.Select(static p => p.Checkpoint).Distinct().Take(MostNamed))}{(gone.Count > MostNamed ? ", …" : string.Empty)}; {Available(state)}. " +
            "checkpoints: { keep: all }, or { every: K }, in the spec keeps them from then on");
    }

    /// <summary>Looks whether what the members start from is there.</summary>
    /// <exception cref="InvalidRequestException">Something is missing or damaged.</exception>
    public static async Task CheckAsync(OpenStudy parent, ImmutableArray<ForkPoint> points, CancellationToken cancellationToken)
    {
        foreach (var checkpoint in points.Select(static p => p.Checkpoint).OfType<CheckpointId>().Distinct())
        {
            var problem = await parent.Checkpoints.VerifyAsync(checkpoint, CheckpointCheck.Sizes, cancellationToken) switch
            {
                FetchResult.Missing => "is missing",
                FetchResult.Damaged damaged => $"is damaged: {damaged.Reason}",
                _ => null,
            };
            if (problem is not null)
                throw new InvalidRequestException($"the checkpoint {parent.Checkpoints.Locate(checkpoint)} {problem}; `pbt verify {parent.Directory.Root}` checks all, and another --at may do");
        }
    }

    private static string Available(StudyState state)
    {
        var available = ForkPoint.Available(state);
        return available.IsEmpty ? "no interval can be forked from" : $"possible: {Ranges(available)}";
    }

    /// <summary>Numbers in order as <c>5, 10, 38-40</c>; long lists show their ends.</summary>
    private static string Ranges(ImmutableArray<int> numbers)
    {
        var ranges = new List<string>();
        for (var i = 0; i < numbers.Length; i++)
        {
            var first = numbers[i];
            while (i + 1 < numbers.Length && numbers[i + 1] == numbers[i] + 1)
                i++;

            ranges.Add(first == numbers[i] ? $"{first}" : $"{first}-{numbers[i]}");
        }

        return ranges.Count <= 2 * MostNamed ? string.Join(", ", ranges) : $"{string.Join(", ", ranges.Take(MostNamed))}, …, {string.Join(", ", ranges.TakeLast(MostNamed))}";
    }

    private static string Names(IEnumerable<MemberId> members)
    {
        var all = members.ToList();
        return all.Count <= MostNamed ? string.Join(", ", all) : $"{string.Join(", ", all.Take(MostNamed))} and {all.Count - MostNamed} more";
    }
}
