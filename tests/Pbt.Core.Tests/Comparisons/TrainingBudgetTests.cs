using Pbt.Core.Comparisons;
using Pbt.Core.Tests.Studies;

namespace Pbt.Core.Tests.Comparisons;

public sealed class TrainingBudgetTests
{
    [Theory]
    [InlineData("{ intervals: 10 }", "{ steps: 100 }", "asynchronous", "4,000 steps (4 members × 10 intervals × 100 steps)")]
    [InlineData("{ intervals: 10 }", "{ seconds: 1.5 }", "asynchronous", "60 s (4 members × 10 intervals × 1.5 s)")]
    [InlineData("{ total_steps: 1001 }", "{ steps: 100 }", "asynchronous", "1,100 steps (total_steps 1001 in whole intervals of 100 steps)")]
    [InlineData("{ total_steps: 1001 }", "{ steps: 100 }", "synchronous", "1,200 steps (total_steps 1001 in whole generations)")]
    [InlineData("{ total_steps: 1001 }", "{ seconds: 5 }", "synchronous", "1,001 steps (total_steps 1001)")]
    [InlineData("{ total_steps: 800, intervals: 3 }", "{ steps: 100 }", "synchronous", "800 steps (total_steps 800 in whole generations)")]
    [InlineData("{ total_steps: 80000, intervals: 3, wall_clock: 1h }", "{ steps: 100 }", "synchronous", "1,200 steps (4 members × 3 intervals × 100 steps)")]
    public void The_training_of_a_spec_is_told_with_its_sum(string budget, string interval, string mode, string expected) =>
        Assert.Equal(expected, TrainingBudget.Of(Specs.Valid(("budget", budget), ("interval", interval), ("mode", mode)))!.ToString());

    // Six begin and four go on after two intervals: 6 × 2 + 4 × 8 intervals of 100 steps.
    [Theory]
    [InlineData("{ intervals: 10 }", "asynchronous", "4,400 steps ((4 members × 10 intervals + 2 candidates × 2 intervals) × 100 steps)")]
    [InlineData("{ total_steps: 1201 }", "synchronous", "1,600 steps (total_steps 1201 in whole generations)")]
    public void The_training_of_candidates_counts(string budget, string mode, string expected) => Assert.Equal(
        expected,
        TrainingBudget.Of(Specs.Valid(("budget", budget), ("mode", mode), ("initial", "{ candidates: 6, candidate_intervals: 2 }")))!.ToString());

    [Theory]
    [InlineData("{ wall_clock: 1h }", "{ steps: 100 }")]
    [InlineData("{ score: 1 }", "{ steps: 100 }")]
    [InlineData("{ intervals: 3, total_steps: 100 }", "{ seconds: 1 }")]
    public void Limits_that_are_no_amount_of_training_have_none(string budget, string interval) =>
        Assert.Null(TrainingBudget.Of(Specs.Valid(("budget", budget), ("interval", interval))));

    [Fact]
    public void A_score_and_a_wall_clock_make_the_training_uncertain()
    {
        var spec = Specs.Valid(("budget", "{ intervals: 3, score: 1.5, wall_clock: 90s }"));

        Assert.Equal(
            [
                "budget.score 1.5 ends a run as soon as it is reached, so that a good one trains less",
                "budget.wall_clock 1m30s ends a run by the clock, so that its training depends on the machine",
            ],
            TrainingBudget.Uncertainties(spec));
        Assert.Empty(TrainingBudget.Uncertainties(Specs.Valid()));
        Assert.Single(TrainingBudget.Uncertainties(Specs.Valid(("budget", "{ intervals: 3, total_steps: 100 }"), ("interval", "{ seconds: 1 }"))));
    }

    [Fact]
    public void Sums_of_seconds_are_equal_up_to_rounding_and_steps_are_no_seconds()
    {
        var some = TrainingBudget.Of(Specs.Valid(("interval", "{ seconds: 0.1 }"), ("budget", "{ intervals: 30 }")))!;
        var same = TrainingBudget.Of(Specs.Valid(("interval", "{ seconds: 0.3 }")))!;

        Assert.True(some.IsAsMuchAs(same));
        Assert.False(some.IsAsMuchAs(TrainingBudget.Of(Specs.Valid(("interval", "{ seconds: 0.30001 }")))!));
        Assert.False(some.IsAsMuchAs(some with { Unit = TrainingUnit.Steps }));
    }

    [Fact]
    public void The_greatest_budget_is_finite() =>
        Assert.True(double.IsFinite(TrainingBudget.Of(Specs.Valid() with { Population = 100_000, Interval = new(long.MaxValue, null), Budget = new(int.MaxValue, TotalSteps: long.MaxValue) })!.Amount));
}
