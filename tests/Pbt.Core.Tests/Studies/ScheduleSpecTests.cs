using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Studies;

/// <summary>What a spec may say of schedules, of where members start, and of what is kept.</summary>
public sealed class ScheduleSpecTests
{
    private const string Space = "{ lr: { type: float, min: 0, max: 1 } }";
    private const string Linear = "{ strategy: schedule, changes: [ { from_step: 0, hyperparameters: { lr: 1 } }, { from_step: 200, hyperparameters: { lr: 0.5 } } ] }";

    private static readonly (string, string?)[] Base =
        [("hyperparameters", Space), ("trainer", "{ command: [x] }"), ("exploit", "{ strategy: none }")];

    [Fact]
    public void A_schedule_says_what_holds_from_which_step_on()
    {
        var spec = Valid(("explore", Linear));
        var schedule = Assert.IsType<ScheduleExplore>(spec.Explore);

        Assert.Equal(ExploreWhen.Always, schedule.When);
        Assert.IsType<ScheduleInitial>(spec.Initial);
        Assert.Equal([1.0, 1.0, 0.5, 0.5], new long[] { 0, 199, 200, 99_999 }.Select(step => schedule.At(step)["lr"].Number));
    }

    [Fact]
    public void What_holds_is_found_among_many_changes()
    {
        var changes = Enumerable.Range(0, 1000).Select(static i => new HyperparameterChange(i * 7, new([new("lr", HyperparameterValue.Of((double)i))])));
        var schedule = new ScheduleExplore([.. changes]);

        for (var step = 0; step < 7100; step++)
            Assert.Equal(Math.Min(999, step / 7), schedule.At(step)["lr"].Number);
    }

    [Theory]
    [InlineData("{ strategy: schedule }", "explore.changes", "is missing")]
    [InlineData("{ strategy: schedule, changes: [] }", "explore.changes", "the schedule is empty")]
    [InlineData("{ strategy: schedule, changes: [ { from_step: 100, hyperparameters: { lr: 1 } } ] }", "explore.changes[0].from_step", "the first values hold from step 0")]
    [InlineData("{ strategy: schedule, changes: [ { from_step: 0, hyperparameters: { lr: 1 } }, { from_step: 0, hyperparameters: { lr: 0 } } ] }", "explore.changes[1].from_step", "step 0 is not after step 0")]
    [InlineData("{ strategy: schedule, changes: [ { from_step: 0, hyperparameters: { lr: 1 } }, { from_step: 250, hyperparameters: { lr: 0 } } ] }", "explore.changes", "write interval: { steps: 50 }")]
    [InlineData("{ strategy: schedule, changes: [ { from_step: 0, hyperparameters: { lr: 2 } } ] }", "explore.changes[0].hyperparameters.lr", "is not a float from 0 to 1")]
    [InlineData("{ strategy: schedule, changes: [ { from_step: 0, hyperparameters: { } } ] }", "explore.changes[0].hyperparameters", "the change lacks lr")]
    [InlineData("{ strategy: schedule, changes: [ { from_step: 0, hyperparameters: { lr: 1, x: 1 } } ] }", "explore.changes[0].hyperparameters.x", "there is no hyperparameter 'x'")]
    [InlineData("{ strategy: schedule, changes: [ { from: 0, from_step: 0, hyperparameters: { lr: 1 } } ] }", "explore.changes[0].from", "unknown key 'from'")]
    [InlineData("{ strategy: schedule, when: always, changes: [ { from_step: 0, hyperparameters: { lr: 1 } } ] }", "explore.when", "'when' belongs to strategy")]
    [InlineData("{ strategy: perturb, changes: [] }", "explore.changes", "belongs to strategy schedule")]
    public void A_wrong_schedule_is_an_error_that_says_how_to_mend_it(string explore, string path, string message)
    {
        var error = Error(("explore", explore));
        Assert.Equal(path, error.Path);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exploit", "{ strategy: truncation }", "exploit", "write exploit: { strategy: none }")]
    [InlineData("burn_in", "{ intervals: 2 }", "burn_in", "remove burn_in")]
    [InlineData("interval", "{ seconds: 5 }", "explore", "a schedule counts in steps")]
    [InlineData("initial", "{ strategy: random }", "initial.strategy", "the first values are those of explore's schedule")]
    public void What_does_not_go_with_a_schedule_is_an_error(string key, string value, string path, string message)
    {
        var error = Error(("explore", Linear), (key, value));
        Assert.Equal(path, error.Path);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Members_begin_with_a_schedule_only_where_there_is_one() =>
        Assert.Contains("only where explore has one", Error(("initial", "{ strategy: schedule }")).Message, StringComparison.Ordinal);

    [Fact]
    public void Every_member_may_start_from_weights_of_its_own()
    {
        var spec = Valid(("population", "2"), ("initial", "{ strategy: explicit, members: [ { lr: 1 }, { lr: 0 } ], checkpoints: [ weights/a, null ], checkpoint_steps: [ 700, 0 ] }"));

        Assert.Equal("/home/user/study/weights/a", spec.StartOf(0));
        Assert.Null(spec.StartOf(1));
        Assert.Equal(700, spec.StartStepsOf(0));
    }

    [Theory]
    [InlineData("checkpoints: [ a ]", "initial.checkpoints", "there are 1 checkpoints, but 2 members")]
    [InlineData("checkpoints: [ a, b ], checkpoint: c", "initial.checkpoint", "keep one")]
    [InlineData("checkpoint_steps: [ 1, 2 ]", "initial.checkpoint_steps", "there are no checkpoints")]
    [InlineData("checkpoints: [ a, b ], checkpoint_steps: [ 1, -1 ]", "initial.checkpoint_steps[1]", "-1 is outside 0")]
    public void Wrong_starting_weights_are_an_error(string keys, string path, string message)
    {
        var error = Error(("population", "2"), ("initial", $"{{ strategy: explicit, members: [ {{ lr: 1 }}, {{ lr: 0 }} ], {keys} }}"));
        Assert.Equal(path, error.Path);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_kept_for_good_is_all_or_every_few_intervals()
    {
        Assert.Equal(1, Valid(("checkpoints", "{ keep: all }")).Checkpoints.Every);
        Assert.Equal(5, Valid(("checkpoints", "{ every: 5 }")).Checkpoints.Every);
        Assert.Contains("\"keep\":\"all\"", SpecWriter.ToJson(Valid(("checkpoints", "{ keep: all }"))), StringComparison.Ordinal);
        Assert.Equal("checkpoints.every", Error(("checkpoints", "{ keep: all, every: 5 }")).Path);
        Assert.Contains("below 1", Error(("checkpoints", "{ every: 0 }")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_of_a_spec_are_set_by_their_dotted_names()
    {
        var spec = Set("explore.factors=[0.5, 2.0]", "budget.intervals=80", "seed=9", "explore={ strategy: resample }", "hyperparameters.lr.max=3");
        var valid = Assert.IsType<SpecResult.Valid>(spec).Spec;

        Assert.IsType<ResampleExplore>(valid.Explore);
        Assert.Equal((80, 9UL), (valid.Budget.Intervals, valid.Seed));
        Assert.Equal("a float from 0 to 3", valid.Hyperparameters.Definitions[0].Describe());
    }

    [Theory]
    [InlineData("budget.interval=80", "budget.interval", "unknown key 'interval'")]
    [InlineData("seed.x=1", "seed.x", "there is no such key")]
    [InlineData("seed=[", "seed", "YAML")]
    [InlineData("explore.factors=[0]", "explore.factors[0]", "0 is not above 0")]
    public void A_wrong_setting_is_an_error_that_names_its_key(string setting, string path, string message)
    {
        var error = Assert.IsType<SpecResult.Invalid>(Set(setting)).Errors[0];
        Assert.Equal(path, error.Path);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static SpecResult Set(params string[] settings) =>
        SpecEdit.Set(Valid(), settings.Select(static s => new KeyValuePair<string, string>(s.Split('=')[0], s[(s.IndexOf('=', StringComparison.Ordinal) + 1)..])), "/");

    private static StudySpec Valid(params (string, string?)[] changes) => Specs.Read(Specs.Yaml([.. Base, .. changes]));

    private static SpecError Error(params (string, string?)[] changes) => Specs.Error([.. Base, .. changes]);
}
