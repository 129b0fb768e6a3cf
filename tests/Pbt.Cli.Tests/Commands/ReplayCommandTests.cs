using Pbt.Core.Studies;

namespace Pbt.Cli.Tests.Commands;

/// <summary>What a replay refuses, before anything is created.</summary>
public sealed class ReplayCommandTests
{
    private const string Spec =
        """
        name: toy
        population: 2
        objective: { metric: q, goal: maximize }
        interval: { steps: 20 }
        budget: { intervals: 3 }
        hyperparameters: { h: { type: float, min: 0.1, max: 1 } }
        trainer: { builtin: plain }
        """;

    [Theory]
    [InlineData("has hyperparameters but no trainer: --spec SPEC", "@ray")]
    [InlineData("there is no ROOT/none: name a study's directory, or a file", "@none")]
    [InlineData("there is no study in ROOT/empty", "@empty")]
    [InlineData("ROOT/ray:1:1: h: the number 1.5 is not a float from 0.1 to 1", "@ray", "--spec", "@spec")]
    [InlineData("the schedule's last change is at step 60, but the training ends at step 60; a higher budget.intervals", "@ray", "--spec", "@spec", "--set", "hyperparameters.h.max=2")]
    [InlineData("ROOT/cut:2:9: the line is no JSON", "@cut", "--spec", "@spec")]
    [InlineData("ROOT/nothing:1:1: the schedule is empty", "@nothing", "--spec", "@spec")]
    [InlineData("--seeds is 0; it must be at least 1", "@ray", "--seeds", "0")]
    [InlineData("--steps-per-iteration is 0; it must be at least 1", "@ray", "--steps-per-iteration", "0")]
    [InlineData("--member goes with a study's directory", "@ray", "--spec", "@spec", "--member", "1")]
    [InlineData("--set population: a replay has one member for each seed; --seeds K", "@ray", "--spec", "@spec", "--set", "population=3")]
    [InlineData("--set explore: the schedule says how hyperparameters change", "@ray", "--spec", "@spec", "--set", "explore={ strategy: none }")]
    [InlineData("--set budget: a replay is as long as its schedule", "@study", "--set", "budget.intervals=3")]
    [InlineData("--steps-per-iteration goes with a file of Ray Tune's", "@study", "--steps-per-iteration", "3")]
    [InlineData("there is no member '7'", "@study", "--member", "7")]
    [InlineData("explore.changes[0].hyperparameters.h: the number", "@study", "--set", "hyperparameters.h.max=0.001")]
    public async Task A_wrong_request_is_refused_and_nothing_is_created(string message, params string[] arguments)
    {
        using var studies = new DirectoryStudies();
        await studies.RunStudyAsync("study");
        Directory.CreateDirectory(studies.At("empty"));
        await File.WriteAllTextAsync(studies.At("spec"), Spec);
        await File.WriteAllTextAsync(studies.At("ray"), "[\"a\", \"b\", 1, 3, {\"h\": 0.5}, {\"h\": 1.5}]\n");
        await File.WriteAllTextAsync(studies.At("cut"), "[\"a\", \"b\", 1, 3, {\"h\": 0.5}, {\"h\": 0.6}]\n[\"c\", \"a");
        await File.WriteAllTextAsync(studies.At("nothing"), "\n");

        var printed = await studies.RunAsync(["replay", .. arguments, "--dir", "@new"]);

        Assert.Equal(ExitCode.BadRequest, printed.Exit);
        Assert.Contains(message, printed.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(studies.At("new")));
    }

    [Fact]
    public async Task A_study_in_seconds_has_no_schedule_to_replay()
    {
        using var study = new TestStudy(TestStudy.Default with { Interval = new IntervalLength(null, 5), Trainer = new InProcessTrainerSpec() }).RunRounds(2);

        var printed = await study.RunAsync("replay", study.Open.Directory.Root, "--dir", "new");

        Assert.Equal(ExitCode.BadRequest, printed.Exit);
        Assert.Contains("are in seconds, and a schedule counts in steps", printed.Error, StringComparison.Ordinal);
    }
}
