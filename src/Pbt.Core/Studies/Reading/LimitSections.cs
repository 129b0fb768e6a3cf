namespace Pbt.Core.Studies.Reading;

/// <summary>Reads what is optimised and for how long: objective, interval, budget and burn_in.</summary>
internal static class LimitSections
{
    /// <summary>Reads <c>objective</c>.</summary>
    public static Objective? Objective(SectionReader root)
    {
        const string Hint = "write objective: { metric: NAME, goal: maximize }";
        if (root.Required("objective", Hint)?.Section(SpecSections.Objective) is not { } section)
            return null;

        var metric = section.Required("metric", "write the name of the metric that the trainer reports");
        var name = metric?.Text();
        if (name is { Length: 0 })
            metric!.Fail("the metric has no name");

        var goal = section.Required("goal", "write goal: maximize or goal: minimize")?.OneOf(Vocabulary.Goal, "goal");
        return name is not null && goal is not null ? new(name, goal.Value) : null;
    }

    /// <summary>Reads <c>interval</c>.</summary>
    public static IntervalLength? Interval(SectionReader root)
    {
        const string Hint = "write interval: { steps: N } or interval: { seconds: S }";
        if (root.Required("interval", Hint)?.Section(SpecSections.Interval) is not { } section)
            return null;

        var steps = section.Value("steps")?.Integer(1);
        var seconds = section.Value("seconds")?.Positive();
        if (section.Has("steps") && section.Has("seconds"))
            section.Fail("both steps and seconds are given; keep one");
        else if (!section.Has("steps") && !section.Has("seconds"))
            section.Fail("the interval has no length; " + Hint);

        if (seconds > TimeSpan.MaxValue.TotalSeconds / 2)
            section.FailKey("seconds", "the interval is too long");
        return new(steps, seconds);
    }

    /// <summary>Reads <c>budget</c>.</summary>
    public static Budget? Budget(SectionReader root)
    {
        const string Hint = "write budget: { intervals: N }; score, wall_clock and total_steps are limits too, and the first reached ends the study";
        if (root.Required("budget", Hint)?.Section(SpecSections.Budget) is not { } section)
            return null;

        if (!SpecSections.Budget.Keys.Any(section.Has))
            section.Fail("there is no limit, so the study would never end; " + Hint);

        return new(
            section.Value("intervals")?.Int(1),
            section.Value("score")?.Number(),
            section.Value("wall_clock")?.Duration(),
            section.Value("total_steps")?.Integer(1));
    }

    /// <summary>Reads <c>burn_in</c>.</summary>
    public static int? BurnIn(SectionReader root) =>
        root.Value("burn_in")?.Section(SpecSections.BurnIn)
            ?.Required("intervals", "write burn_in: { intervals: N }")?.Int(0);
}
