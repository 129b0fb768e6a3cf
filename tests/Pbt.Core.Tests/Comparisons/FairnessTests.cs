using Pbt.Core.Comparisons;
using Pbt.Core.Studies;
using Pbt.Core.Tests.Studies;

namespace Pbt.Core.Tests.Comparisons;

public sealed class FairnessTests
{
    private static readonly StudySpec Spec = Specs.Valid();

    [Fact]
    public void Scores_of_another_metric_or_goal_are_incomparable()
    {
        Assert.Null(Fairness.Incomparable([Named(Spec), Named(Spec, "other")]));
        Assert.Equal(
            "demo is to maximize return but other is to maximize loss: only scores of the same metric and goal can be compared",
            Fairness.Incomparable([Named(Spec), Named(Spec with { Objective = new("loss", Goal.Maximize) }, "other")]));
        Assert.Contains(
            "other is to minimize return",
            Fairness.Incomparable([Named(Spec), Named(Spec with { Objective = new("return", Goal.Minimize) }, "other")]),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_training_may_come_from_longer_intervals_or_more_members()
    {
        var longer = Spec with { Interval = new(200, null), Budget = new(5) };
        var wider = Spec with { Population = 8, Budget = new(5) };
        var total = Spec with { Budget = new(TotalSteps: 4000) };

        Assert.Empty(Fairness.Inequalities([Named(Spec), Named(longer, "longer"), Named(wider, "wider"), Named(total, "total")]));
    }

    [Fact]
    public void Unequal_training_names_both_amounts() => Assert.Equal<string>(
        ["demo trains 4,000 steps (4 members × 10 intervals × 100 steps), more trains 4,400 steps (4 members × 11 intervals × 100 steps)"],
        Fairness.Inequalities([Named(Spec), Named(Spec with { Budget = new(11) }, "more")]));

    [Fact]
    public void A_budget_of_score_or_time_is_unequal_even_if_it_is_the_same_in_both()
    {
        var scored = Spec with { Budget = new(10, Score: 1) };

        Assert.Equal(2, Fairness.Inequalities([Named(scored), Named(scored, "other")]).Length);
        Assert.StartsWith("other: budget.wall_clock 1h ends a run by the clock", Fairness.Inequalities([Named(Spec), Named(Spec with { Budget = new(WallClock: TimeSpan.FromHours(1)) }, "other")])[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Other_differences_that_bear_on_scores_are_told()
    {
        var elsewhere = Specs.Valid(("trainer", "{ command: [python3, other.py], timeout: 1h, max_attempts: 9, grace: 1s, working_directory: /x }"), ("initial", "{ checkpoint: /weights }"));

        Assert.Equal<string>(
            ["other differs from demo in trainer.command, initial.checkpoint, trainer.timeout too."],
            Fairness.Differences([Named(Spec), Named(elsewhere, "other")]));
    }

    [Fact]
    public void Strategies_and_where_members_begin_are_what_is_compared()
    {
        var warm = Specs.Valid(("hyperparameters", "{ lr: { type: float, min: 0, max: 1, initial_range: [0.4, 0.5] } }"), ("trainer", "{ command: [train] }"));

        Assert.Empty(Fairness.Differences([Named(warm), Named(RandomSearchTwin.Of(warm)), Named(ConstantTwin.Of(warm))]));
    }

    private static NamedSpec Named(StudySpec spec, string? name = null) => new(name ?? spec.Name, spec);
}
