using Pbt.EndToEnd.Tests.Harness;

namespace Pbt.EndToEnd.Tests.Requests;

/// <summary>Specs that cannot work: said at once, with the place and how to mend it.</summary>
public sealed class BadSpecTests
{
    [Theory]
    [InlineData("seed: 11", "sead: 11", "study.yaml:2:1: ", "did you mean 'seed'?")]
    [InlineData("seed: 11", "seed: 11\nseed: 12", "study.yaml:3:1: ", "twice")]
    [InlineData("population: 4", "population: many", "study.yaml:3:13: ", "integer")]
    [InlineData("population: 4", "population: 0", "study.yaml:3:13: ", "outside 1")]
    [InlineData("population: 4", "population: 1", "study.yaml:3:1: ", "exploit: { strategy: none }")]
    [InlineData("min: 0.0, max: 1.0", "min: 2.0, max: 1.0", "study.yaml:10:", "min 2 is above max 1")]
    [InlineData("min: 0.0, max: 1.0", "min: 0.0, max: 1.0, scale: log", "study.yaml:10:", "log")]
    [InlineData("lease: 2s", "exploit: { strategy: truncation, top: 0.7 }", "study.yaml:5:", "0.5")]
    [InlineData("\"{h}\"", "\"{lr}\"", "study.yaml:12:", "lr")]
    public async Task A_spec_that_cannot_work_is_refused_with_its_line_and_column(string good, string bad, string place, string reason)
    {
        using var study = Create();
        study.Replace(good, bad);
        (await study.RunAsync(slots: 1)).Expect(2).Saying(place, reason);
        Assert.False(Directory.Exists(study.Dir), "nothing was to be created");
        (await study.PbtAsync("validate", study.SpecPath)).Expect(2).Saying(place, reason);
    }

    [Fact]
    public async Task A_program_that_is_missing_is_named()
    {
        using var study = Create();
        study.Replace("./train.sh", "./tarin.sh");
        (await study.RunAsync(slots: 1)).Expect(2).Saying("trainer.command (line 12, column 13)", "tarin.sh");
        Assert.False(Directory.Exists(study.Dir));
    }

    [Fact]
    public async Task A_program_that_is_not_executable_is_named_and_how_to_mend_it()
    {
        using var study = Create();
        File.SetUnixFileMode(study.At("train.sh"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await study.RunAsync(slots: 1)).Expect(2).Saying("train.sh", "chmod +x");
    }

    [Fact]
    public async Task A_working_directory_that_is_missing_is_named()
    {
        using var study = Create();
        study.Replace("trainer:\n", "trainer:\n  working_directory: nowhere\n");
        (await study.RunAsync(slots: 1)).Expect(2).Saying("trainer.working_directory", study.At("nowhere"));
    }

    [Theory]
    [InlineData("run", "missing.yaml", "there is no file missing.yaml")]
    [InlineData("validate", "missing.yaml", "there is no file missing.yaml")]
    [InlineData("run", ".", "is a directory")]
    [InlineData("status", "nowhere", "there is no directory nowhere")]
    [InlineData("worker", "nowhere", "there is no directory nowhere")]
    [InlineData("status", ".", "there is no study in .")]
    [InlineData("best", ".", "there is no study in .")]
    [InlineData("pause", ".", "there is no study in .")]
    public async Task What_is_not_there_is_named(string command, string argument, string message)
    {
        using var study = Create();
        (await study.PbtAsync(command, argument)).Expect(2).Saying(message);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    public async Task Less_than_one_slot_is_refused(string slots)
    {
        using var study = Create();
        (await study.PbtAsync("run", study.SpecPath, "--dir", study.Dir, "--slots", slots)).Expect(2).Saying("it must be at least 1");
        Assert.False(Directory.Exists(study.Dir));
    }

    [Theory]
    [InlineData("frobnicate")]
    [InlineData("run")]
    [InlineData("status")]
    [InlineData("run study.yaml --slots many")]
    [InlineData("run study.yaml --sluts 2")]
    public async Task A_command_line_that_makes_no_sense_is_refused(string commandLine)
    {
        using var study = Create();
        (await study.PbtAsync(commandLine.Split(' '))).Expect(2);
    }

    private static Study Create() => new Study().Script("train.sh", Trainers.Deterministic).Spec(Trainers.Spec());
}
