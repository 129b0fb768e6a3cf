using System.Collections.Immutable;
using Pbt.Core.Population;
using Pbt.Core.SearchSpaces;

namespace Pbt.Core.Explore.Bandits;

/// <summary>An interval as a bandit sees it: what it began with and what it gained.</summary>
/// <param name="Interval">The member's interval, from 1.</param>
/// <param name="Time">How long the weights had trained before it, in intervals.</param>
/// <param name="Length">How long it was, in intervals.</param>
/// <param name="Before">The fitness of the checkpoint it started from.</param>
/// <param name="After">The fitness at its end; NaN while it trains.</param>
/// <param name="Hyperparameters">What it trained with.</param>
internal readonly record struct BanditRow(int Interval, double Time, double Length, double Before, double After, Hyperparameters Hyperparameters);

/// <summary>What a study's log tells a bandit.</summary>
/// <remarks>
/// <para>
/// A row for each completed interval that started from a checkpoint with a score: those from scratch have no score before.
/// Since each interval is a row of its own, with the score of the checkpoint it really started from, no row spans an exploit
/// or a change of hyperparameters. In the order of the interval's number, then of the member's index, which in a synchronous
/// study does not depend on who finished first; the last 1,000.
/// </para>
/// <para>
/// Time is the training in the weights along their lineage, in units of the spec's <c>interval.steps</c>: it is the weights'
/// age that the best hyperparameters drift with, and a copied checkpoint has the age of its donor's. Where intervals are
/// measured in seconds, steps need not be known and the number of the member's own interval takes its place.
/// </para>
/// </remarks>
internal sealed class BanditHistory
{
    private const int MostRows = 1000;
    private const int MostPending = 200;

    private BanditHistory(ImmutableArray<BanditRow> rows, ImmutableArray<BanditRow> pending, BanditRow? target)
    {
        Rows = rows;
        Pending = pending;
        Target = target;
    }

    /// <summary>The completed intervals.</summary>
    public ImmutableArray<BanditRow> Rows { get; }

    /// <summary>The intervals that other members train or are about to, nearest in time first, at most 200.</summary>
    public ImmutableArray<BanditRow> Pending { get; }

    /// <summary>The interval that hyperparameters are asked for; null if the score it begins with is unknown.</summary>
    public BanditRow? Target { get; }

    /// <summary>What is known when a member explores.</summary>
    public static BanditHistory Of(ExploreContext context)
    {
        var target = TargetOf(context);
        var pending = context.State.Members
            .Where(member => member.Id != context.Member.Id && member.Phase is MemberPhase.Ready or MemberPhase.Running)
            .Select(member => Upcoming(context.State, member, member.Start is { } start ? context.State.Find(start) : null, member.Hyperparameters))
            .OfType<BanditRow>()
            .OrderBy(row => Math.Abs(row.Time - (target?.Time ?? 0)))
            .Take(MostPending);
        return new(RowsOf(context.State), [.. pending], target);
    }

    private static BanditRow? TargetOf(ExploreContext context)
    {
        var start = context.Start is { } checkpoint ? context.State.Find(checkpoint) : null;
        return Upcoming(context.State, context.Member, start, context.From);
    }

    private static ImmutableArray<BanditRow> RowsOf(StudyState state)
    {
        var rows = new List<BanditRow>();
        var last = 0;
        foreach (var member in state.Members)
            last = Math.Max(last, member.Intervals);

        for (var interval = last; interval >= 1; interval--)
        {
            for (var m = state.Members.Count - 1; m >= 0 && rows.Count < MostRows; m--)
            {
                var history = state.Members[m].History;
                if (history.Count >= interval && RowOf(state, history[interval - 1]) is { } row)
                    rows.Add(row);
            }
        }

        rows.Reverse();
        return [.. rows];
    }

    private static BanditRow? RowOf(StudyState state, IntervalRecord record)
    {
        if (record.Score is not { } after || record.Start is not { } start || state.Find(start)?.Score is not { } before)
            return null;

        var (time, length) = state.Spec.Interval.Steps is { } steps
            ? ((double)(record.LineageSteps - record.Steps) / steps, record.Steps > 0 ? (double)record.Steps / steps : 1)
            : (record.Interval - 1, 1);
        return new(record.Interval, time, length, Fitness(state, before), Fitness(state, after), record.Hyperparameters);
    }

    private static BanditRow? Upcoming(StudyState state, MemberState member, IntervalRecord? start, Hyperparameters hyperparameters)
    {
        if (start?.Score is not { } before)
            return null;

        var time = state.Spec.Interval.Steps is { } steps ? (double)start.LineageSteps / steps : member.Intervals;
        return new(member.Intervals + 1, time, Length: 1, Fitness(state, before), After: double.NaN, hyperparameters);
    }

    private static double Fitness(StudyState state, double score) => state.Spec.Objective.Fitness(score);
}
