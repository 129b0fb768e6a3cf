using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Studies;

public sealed class SpecDifferenceTests
{
    private static readonly StudySpec Old = Specs.Valid(("budget", "{ intervals: 10, score: 5, wall_clock: 90m, total_steps: 1000 }"));

    [Fact]
    public void A_spec_does_not_differ_from_itself()
    {
        var specs = new RandomSpecs(seed: 4);
        for (var i = 0; i < 50; i++)
        {
            var spec = specs.Next();
            Assert.Empty(SpecDifference.Between(spec, Specs.Read(SpecWriter.ToJson(spec))));
        }
    }

    [Fact]
    public void Each_changed_added_and_removed_key_is_named_with_both_values()
    {
        var changed = Old with
        {
            Population = 8,
            MaxLead = 3,
            Budget = Old.Budget with { Score = null },
            Trainer = (CommandTrainerSpec)Old.Trainer with { Command = [new(["python3"], false), new(["b.py"], false)] },
        };

        Assert.Equal(
            """
            population: 4 → 8
            budget.score: 5.0 → (not set)
            trainer.command: ["python3","train.py","{lr}"] → ["python3","b.py"]
            max_lead: (not set) → 3
            """,
            string.Join('\n', SpecDifference.Between(Old, changed)));
    }

    [Fact]
    public void A_change_of_order_alone_is_a_change_of_the_hyperparameters()
    {
        var reordered = Old with { Hyperparameters = new SearchSpace([.. Old.Hyperparameters.Definitions.Reverse()]) };

        var change = Assert.Single(SpecDifference.Between(Old, reordered));

        Assert.Equal(new SpecChange("hyperparameters", "lr, epochs, opt", "opt, epochs, lr"), change);
        Assert.IsType<SpecChangeVerdict.Refused>(SpecChangePolicy.Classify(change, Goal.Maximize));
    }

    [Theory]
    [InlineData("trainer.env", true)]
    [InlineData("trainer", true)]
    [InlineData("trainer.env.A", true)]
    [InlineData("trainer.en", false)]
    [InlineData("trainer.env.A.B", false)]
    public void A_change_is_in_the_keys_above_it(string path, bool expected) =>
        Assert.Equal(expected, new SpecChange("trainer.env.A", null, "1").IsIn(path));

    [Theory]
    [InlineData("budget", "{ intervals: 11, score: 5, wall_clock: 90m, total_steps: 1000 }", "Free")]
    [InlineData("budget", "{ intervals: 10, score: 5.5, wall_clock: 90m, total_steps: 1000 }", "Free")]
    [InlineData("budget", "{ intervals: 10, score: 5, wall_clock: 2h, total_steps: 1000 }", "Free")]
    [InlineData("budget", "{ intervals: 10, score: 5, wall_clock: 90m, total_steps: 1001 }", "Free")]
    [InlineData("budget", "{ intervals: 10 }", "Free")]
    [InlineData("budget", "{ intervals: 9, score: 5, wall_clock: 90m, total_steps: 1000 }", "NeedsAcceptance")]
    [InlineData("budget", "{ intervals: 10, score: 4, wall_clock: 90m, total_steps: 1000 }", "NeedsAcceptance")]
    [InlineData("budget", "{ intervals: 10, score: 5, wall_clock: 89m, total_steps: 1000 }", "NeedsAcceptance")]
    [InlineData("resources", "{ slots: 7, gpus: [3], members_per_gpu: 2 }", "Free")]
    [InlineData("lease", "10s", "Free")]
    [InlineData("on", "{ best: [x, \"{score}\"], finished: [y] }", "Free")]
    [InlineData("checkpoints", "{ keep_last: 9, keep_best: 9 }", "Free")]
    [InlineData("checkpoints", "{ store: \"s3://bucket/prefix\", endpoint: \"http://host:9000\", region: eu-central-1 }", "Refused")]
    [InlineData("trainer", "{ command: [python3, b.py] }", "NeedsAcceptance")]
    [InlineData("trainer", "{ protocol: in_process }", "NeedsAcceptance")]
    [InlineData("evaluate", "{ command: [x] }", "NeedsAcceptance")]
    [InlineData("name", "other", "Refused")]
    [InlineData("seed", "1", "Refused")]
    [InlineData("population", "5", "Refused")]
    [InlineData("mode", "synchronous", "Refused")]
    [InlineData("compare", "same_interval", "Refused")]
    [InlineData("max_lead", "1", "Refused")]
    [InlineData("objective", "{ metric: other, goal: maximize }", "Refused")]
    [InlineData("interval", "{ steps: 101 }", "Refused")]
    [InlineData("burn_in", "{ intervals: 1 }", "Refused")]
    [InlineData("initial", "{ strategy: latin_hypercube, checkpoint: x }", "Refused")]
    [InlineData("exploit", "{ strategy: none }", "Refused")]
    [InlineData("explore", "{ factors: [0.5, 2] }", "Refused")]
    [InlineData("hyperparameters", "{ lr: { type: float, min: 1.0e-5, max: 1.0e-1, scale: log } }", "Refused")]
    public void Each_change_has_its_verdict(string key, string value, string verdict)
    {
        var old = key is "budget" ? Old : Specs.Valid();
        var changes = SpecDifference.Between(old, Specs.Valid((key, value)));

        Assert.NotEmpty(changes);
        Assert.All(changes, c => Assert.Equal(verdict, SpecChangePolicy.Classify(c, Goal.Maximize).GetType().Name));
        Assert.All(changes, c => Assert.NotEmpty(SpecChangePolicy.Classify(c, Goal.Maximize).Reason));
    }

    [Fact]
    public void A_new_limit_needs_acceptance() =>
        Assert.IsType<SpecChangeVerdict.NeedsAcceptance>(SpecChangePolicy.Classify(new("budget.score", null, "3.0"), Goal.Maximize));

    [Fact]
    public void A_lower_score_is_further_where_the_goal_is_to_minimize() =>
        Assert.IsType<SpecChangeVerdict.Free>(SpecChangePolicy.Classify(new("budget.score", "3.0", "2.0"), Goal.Minimize));

    [Fact]
    public void A_key_that_the_policy_does_not_know_is_refused() =>
        Assert.IsType<SpecChangeVerdict.Refused>(SpecChangePolicy.Classify(new("something", "1", "2"), Goal.Maximize));
}
