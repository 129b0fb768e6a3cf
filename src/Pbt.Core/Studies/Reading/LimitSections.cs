using System.Collections.Immutable;

namespace Pbt.Core.Studies.Reading;

/// <summary>Reads what is optimised and for how long: objective, interval, budget and burn_in.</summary>
internal static class LimitSections
{
    private static readonly ImmutableArray<string> SmoothingStrategies = ["none", "mean", "exponential"];

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
        var smoothing = Smoothing(section.Value("smoothing"));
        return name is not null && goal is not null && smoothing is not null ? new(name, goal.Value) { Smoothing = smoothing } : null;
    }

    private static SmoothingSpec? Smoothing(SpecValue? value)
    {
        if (value is null)
            return new NoSmoothing();

        if (value.Section(SpecSections.Smoothing) is not { } section)
            return null;

        var strategy = section.Required("strategy", "write smoothing: { strategy: mean, window: 3 }, or smoothing: { strategy: exponential, alpha: 0.3 }")
            ?.Kind(SmoothingStrategies, [], "strategy of smoothing");
        if (strategy is null)
            return null;

        section.ReportForeign("strategy", strategy, Vocabulary.SmoothingKeys);
        return strategy switch
        {
            "mean" => section.Required("window", "write how many scores are averaged, such as window: 3")?.Int(1) is { } window ? new MeanSmoothing(window) : null,
            "exponential" => section.Required("alpha", "write the weight of the newest score, such as alpha: 0.3") is { } alpha ? Exponential(alpha) : null,
            _ => new NoSmoothing(),
        };
    }

    private static ExponentialSmoothing? Exponential(SpecValue value)
    {
        if (value.Number() is not { } alpha)
            return null;

        if (alpha is > 0 and <= 1)
            return new(alpha);

        value.Fail($"{value.Scalar!.Text} is not above 0 and at most 1; 1 is no smoothing, and 0.3 is usual");
        return null;
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
