using Pbt.Core.Population;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Scheduling;

/// <summary>Counts anew, from the histories, what the fold keeps as it goes.</summary>
internal static class Recount
{
    public static void Check(StudyState state)
    {
        var records = state.Members.SelectMany(static m => m.History).ToList();
        Assert.Equal(records.Count(static r => r.Score is not null), state.CompletedIntervals);
        Assert.Equal(records.Count(static r => r.Score is null), state.FailedIntervals);
        Assert.Equal(records.Sum(static r => r.Steps), state.TotalSteps);
        var attempts = records.Select(static r => r.Attempt).Concat(state.Attempts.Select(static a => a.Id)).ToList();
        Assert.Equal(attempts.Count, attempts.Distinct().Count());
        Assert.All(attempts, a => Assert.True(a.Value < state.NextAttempt.Value));
        foreach (var member in state.Members)
            Check(state, member);

        CheckLedger(state);
    }

    private static void Check(StudyState state, MemberState member)
    {
        Assert.Equal(member.Phase == MemberPhase.Running, member.Running is not null);
        Assert.Equal(member.Running, state.Attempts.SingleOrDefault(a => a.Member == member.Id));
        Assert.Equal(Enumerable.Range(1, member.Intervals), member.History.Select(static r => r.Interval));
        Assert.Same(member.History.LastOrDefault(static r => r.Score is not null), member.Latest);
        Assert.True(state.Spec.Hyperparameters.Contains(member.Hyperparameters));
        Assert.True(member.Intervals <= (state.Spec.Budget.Intervals ?? int.MaxValue));
        Assert.True(member.Start is not { } start || state.IsLive(start));
        Assert.True(state.Spec.Exploit.KeepsBestOfEach ? member.Best is not null || member.Latest is null || member.Phase == MemberPhase.Retired : member.Best is null);
        if (member.Best is { Record: var best })
            Assert.All(member.History.Where(static r => r.Score is not null), r => Assert.True(state.Spec.Objective.Fitness(r.ComparedScore!.Value) <= state.Spec.Objective.Fitness(best.ComparedScore!.Value)));
    }

    private static void CheckLedger(StudyState state)
    {
        var needed = new HashSet<CheckpointId>(state.BestIntervals.Select(static b => b.Record.Checkpoint!.Value));
        foreach (var member in state.Members)
        {
            needed.UnionWith(new[] { member.Start, member.Running?.CheckpointIn, member.Phase == MemberPhase.Retired ? null : member.Latest?.Checkpoint, member.Best?.Record.Checkpoint }.OfType<CheckpointId>());
            Assert.All(needed, c => Assert.True(state.IsLive(c)));
        }

        // The last k of each are kept too, and those that slower members will be compared with; nothing else is.
        var kept = state.Members.SelectMany(static m => m.History.Where(static r => r.Score is not null).TakeLast(3)).Select(static r => r.Checkpoint!.Value);
        var forGood = state.Forks.SelectMany(static f => f.Checkpoints).Concat(state.LiveCheckpoints.Where(c => state.Spec.Checkpoints.KeepsForGood(c.Interval))).Concat(StartsOfKept(state)).ToList();
        Assert.All(state.Forks.SelectMany(static f => f.Checkpoints), c => Assert.True(state.IsLive(c)));
        if (state.Spec.Compare == ScoreComparison.Latest)
            Assert.Empty(state.LiveCheckpoints.Except(needed).Except(kept).Except(forGood));
        else
            CheckCompared(state);

        Assert.DoesNotContain(state.ReleasedCheckpoints, state.IsLive);
        Assert.Equal(state.ReleasedCheckpoints.Count, state.ReleasedCheckpoints.Distinct().Count());
        var made = state.Members.SelectMany(static m => m.History).Count(static r => r.Checkpoint is not null);
        Assert.Equal(made, state.LiveCheckpoints.Count + state.ReleasedCheckpoints.Count);
    }

    /// <summary>What members went on from after an interval that is kept for good.</summary>
    private static IEnumerable<CheckpointId> StartsOfKept(StudyState state) => state.Members
        .SelectMany(m => m.History.Where(r => state.Spec.Checkpoints.KeepsForGood(r.Interval - 1)).Select(static r => r.Start))
        .OfType<CheckpointId>();

    private static void CheckCompared(StudyState state)
    {
        var open = state.Members.Where(static m => m.Phase is not (MemberPhase.Failed or MemberPhase.Retired)).Select(static m => m.Phase == MemberPhase.Undecided ? m.Intervals - 1 : m.Intervals).DefaultIfEmpty(int.MaxValue).Min();
        if (state.Spec.Exploit is not NoExploit)
            Assert.All(state.Members.Where(static m => m.Phase != MemberPhase.Retired).SelectMany(m => m.History.Skip(open)).Where(static r => r.Score is not null), r => Assert.True(state.IsLive(r.Checkpoint!.Value)));
    }
}
