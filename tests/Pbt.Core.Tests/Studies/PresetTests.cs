using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Studies;

/// <summary>A preset is a shorthand for values, which keys of the spec replace one by one.</summary>
public sealed class PresetTests
{
    public static TheoryData<string> Names => [.. StudyPreset.All.Select(static p => p.Name)];

    // What each preset stands for, as a user would write it out.
    [Theory]
    [InlineData(
        "paper",
        "{ strategy: truncation, top: 0.2, bottom: 0.2, middle: keep, ties: lower_index }",
        "{ strategy: perturb, factors: [0.8, 1.2], resample_probability: 0 }",
        "latest", 0)]
    [InlineData(
        "ray",
        "{ strategy: truncation, top: 0.25, bottom: 0.25, ties: higher_index }",
        "{ strategy: perturb, factors: [1.2, 0.8], resample_probability: 0.25, unordered: step }",
        "latest", 0)]
    [InlineData(
        "isaacgymenvs",
        "{ strategy: threshold, top: 0.3, bottom: 0.125, sigma: 0.5, trim: 0.2, relative: 0.05, absolute: 0, below_top: true, quorum: 0.5, settle: 1, keep_own_hyperparameters: 0.5, otherwise: explore, middle: keep }",
        "{ strategy: perturb, ratio: [1.1, 1.5], probability: 0.15, resample_probability: 0 }",
        "up_to_interval", 1)]
    [InlineData(
        "isaaclab",
        "{ strategy: band, sigma: 0.1, absolute: 0.05, otherwise: explore }",
        "{ strategy: perturb, ratio: [1.1, 2.0], probability: 0.25, resample_probability: 0 }",
        "up_to_interval", 0)]
    [InlineData(
        "sample-factory",
        "{ strategy: threshold, top: 0.3, bottom: 0.3, sigma: 0, relative: 0.1, absolute: 1.0e-6, below_top: false, quorum: 1, settle: 1, keep_own_hyperparameters: 0, otherwise: explore, middle: explore }",
        "{ strategy: perturb, ratio: [1.1, 1.5], probability: 0.15, resample_probability: 0, reset_probability: 0.01, unordered: other }",
        "latest", 3)]
    [InlineData(
        "dexpbt",
        "{ strategy: truncation, top: 0.3, bottom: 0.3, middle: explore }",
        "{ strategy: perturb, ratio: [1.1, 1.5], probability: 0.15, resample_probability: 0 }",
        "up_to_interval", 0)]
    public void A_preset_is_what_could_be_written_out(string preset, string exploit, string explore, string compare, int burnIn) => Assert.Equal(
        SpecWriter.ToJson(Specs.Valid(("exploit", exploit), ("explore", explore), ("compare", compare), ("mode", "asynchronous"), ("burn_in", $"{{ intervals: {burnIn} }}"))),
        SpecWriter.ToJson(Specs.Valid(("preset", preset))));

    [Theory]
    [MemberData(nameof(Names))]
    public void The_frozen_spec_has_the_values_and_reads_back_as_the_same(string preset)
    {
        var json = SpecWriter.ToJson(Specs.Valid(("preset", preset)));
        Assert.DoesNotContain("preset", json, StringComparison.Ordinal);
        Assert.Equal(json, SpecWriter.ToJson(Specs.Read(json)));
    }

    [Fact]
    public void A_key_that_is_given_wins_and_leaves_the_others_as_they_are()
    {
        var spec = Specs.Valid(("preset", "isaacgymenvs"), ("exploit", "{ bottom: 0.2 }"), ("explore", "{ probability: 0.8 }"), ("burn_in", "{ intervals: 0 }"), ("compare", "latest"), ("mode", "synchronous"));
        var preset = StudyPreset.Find("isaacgymenvs")!;
        Assert.Equal(((ThresholdExploit)preset.Exploit) with { Bottom = 0.2 }, spec.Exploit);
        var explore = Assert.IsType<PerturbExplore>(spec.Explore);
        Assert.Equal((0.8, (1.1, 1.5), 0), (explore.Probability, explore.Ratio!.Value, explore.ResampleProbability));
        Assert.Equal((0, ScoreComparison.Latest, StudyMode.Synchronous), (spec.BurnIn, spec.Compare, spec.Mode));
    }

    [Fact]
    public void Factors_of_another_kind_replace_the_presets()
    {
        var explore = Assert.IsType<PerturbExplore>(Specs.Valid(("preset", "isaaclab"), ("explore", "{ factors: [0.5, 2] }")).Explore);
        Assert.Null(explore.Ratio);
        Assert.Equal<double>([0.5, 2], explore.Factors);
        Assert.Equal(0.25, explore.Probability);
    }

    [Fact]
    public void With_another_strategy_none_of_the_presets_values_hold()
    {
        var spec = Specs.Valid(("preset", "ray"), ("exploit", "{ strategy: backtrack }"), ("explore", "{ strategy: gaussian }"));
        Assert.Equal(new BacktrackExploit(), spec.Exploit);
        Assert.Equal(new GaussianExplore(), spec.Explore);
    }

    [Fact]
    public void An_override_comes_on_top_of_a_preset_and_has_its_probability()
    {
        var spec = Specs.Valid(("preset", "isaacgymenvs"), ("explore", "{ overrides: { epochs: { strategy: neighbour }, lr: { strategy: discount, probability: 1 }, opt: { strategy: none } } }"));
        var explore = Assert.IsType<PerturbExplore>(spec.Explore);
        Assert.Equal(new NeighbourExplore { Probability = 0.15 }, explore.Overrides["epochs"]);
        Assert.Equal(new DiscountExplore { Probability = 1 }, explore.Overrides["lr"]);
        Assert.Equal(new NoExplore(), explore.Overrides["opt"]);
    }

    [Theory]
    [InlineData("{ overrides: { epoch: { strategy: none } } }", "explore.overrides.epoch", "there is no hyperparameter 'epoch'; did you mean 'epochs'?")]
    [InlineData("{ overrides: { lr: { strategy: neighbour } } }", "explore.overrides.lr", "neighbour steps between ints and listed values, and 'lr' is a float; choose another strategy")]
    [InlineData("{ overrides: { epochs: { strategy: discount } } }", "explore.overrides.epochs", "discount moves floats, and 'epochs' is an int from 1 to 10; choose another strategy")]
    [InlineData("{ overrides: { lr: { ratio: [1, 2] } } }", "explore.overrides.lr.strategy", "is missing; write one of perturb, resample, gaussian, neighbour, discount, none")]
    [InlineData("{ overrides: { lr: { strategy: command } } }", "explore.overrides.lr.strategy", "there is no strategy of an override 'command'")]
    [InlineData("{ overrides: { lr: { strategy: perturb, when: always } } }", "explore.overrides.lr.when", "unknown key 'when'")]
    [InlineData("{ overrides: { lr: { strategy: none, probability: 1 } } }", "explore.overrides.lr.probability", "not to none")]
    [InlineData("{ overrides: [lr] }", "explore.overrides", "expected a mapping, found a list; its keys are hyperparameters")]
    [InlineData("{ strategy: neighbour, overrides: { opt: { strategy: none } } }", "explore.strategy", "'lr' is a float: give it another strategy in overrides")]
    [InlineData("{ ratio: [1.5, 1.1] }", "explore.ratio", "1.5 is above 1.1; swap them")]
    [InlineData("{ ratio: [1.5] }", "explore.ratio", "write ratio: [1.1, 1.5]")]
    [InlineData("{ ratio: [1, 2], range: [1, 2] }", "explore.ratio", "both range and ratio are given; keep one")]
    [InlineData("{ probability: 1.5 }", "explore.probability", "1.5 is outside 0 … 1")]
    [InlineData("{ unordered: flip }", "explore.unordered", "there is no move of unordered values 'flip'")]
    public void What_is_wrong_with_an_explore_is_said(string explore, string path, string message)
    {
        var error = Specs.Error(("explore", explore));
        Assert.Equal(path, error.Path);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
