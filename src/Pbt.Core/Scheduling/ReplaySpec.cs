using System.Collections.Immutable;
using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Core.Studies.Reading;

namespace Pbt.Core.Scheduling;

/// <summary>The spec of a study that trains along a recorded schedule.</summary>
public static class ReplaySpec
{
    /// <summary>The schedule of a lineage, in the steps that the study asks its trainer for.</summary>
    /// <remarks>
    /// Each interval counts as one of the spec's length, whatever its trainer reported, so that a replay with the same
    /// interval does the same.
    /// </remarks>
    /// <param name="lineage">At least one interval.</param>
    /// <param name="steps">The steps of an interval.</param>
    public static RecordedSchedule ScheduleOf(ImmutableArray<LineageStep> lineage, long steps)
    {
        var changes = ImmutableArray.CreateBuilder<HyperparameterChange>();
        for (var i = 0; i < lineage.Length; i++)
        {
            var hyperparameters = lineage[i].Record.Hyperparameters;
            if (changes.Count == 0 || !changes[^1].Hyperparameters.Equals(hyperparameters))
                changes.Add(new(i * steps, hyperparameters));
        }

        return new(changes.ToImmutable(), lineage.Length * steps, []);
    }

    /// <summary>The spec with a member for each seed, each of which follows the schedule from its first to its last step.</summary>
    /// <remarks>Its interval is the longest that the spec's interval, every change and the whole consist of.</remarks>
    /// <param name="spec">Whose trainer is used; its interval is in steps.</param>
    /// <param name="schedule">The schedule.</param>
    /// <param name="seeds">How many members, at least 1.</param>
    /// <exception cref="InvalidRequestException">The length is not known, or the last change is behind it.</exception>
    public static StudySpec Of(StudySpec spec, RecordedSchedule schedule, int seeds)
    {
        var asked = spec.Interval.Steps
            ?? throw new InvalidRequestException("a schedule counts in steps, but the spec's interval is in seconds: write interval: { steps: N }, or --set 'interval={ steps: N }'");
        if (asked > long.MaxValue / int.MaxValue)
            throw new InvalidRequestException($"the spec's interval of {asked} steps is more than a schedule can be counted in");

        var total = schedule.Steps ?? asked * spec.Budget.Intervals
            ?? throw new InvalidRequestException("the schedule does not say how long the training was, and the spec's budget has no intervals: --set budget.intervals=N says it");
        if (schedule.Changes[^1].FromStep is var last && last >= total)
            throw new InvalidRequestException($"the schedule's last change is at step {last}, but the training ends at step {total}; a higher budget.intervals lets it go on");

        var steps = ScheduleSection.Common(ScheduleSection.Common(schedule.Changes, asked), total);
        if (total / steps > int.MaxValue)
            throw new InvalidRequestException($"the schedule's changes need intervals of {steps} steps, and {total} steps have too many of these");

        return spec with
        {
            Population = seeds,
            Mode = StudyMode.Asynchronous,
            Compare = ScoreComparison.Latest,
            MaxLead = null,
            Interval = new(steps, Seconds: null),
            Budget = new(Intervals: (int)(total / steps)),
            BurnIn = 0,
            Initial = new ScheduleInitial(),
            Ancestor = null,
            Exploit = new NoExploit(),
            Explore = new ScheduleExplore(schedule.Changes),
        };
    }
}
