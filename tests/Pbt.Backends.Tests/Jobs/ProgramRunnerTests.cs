using Pbt.Backends.Jobs;

namespace Pbt.Backends.Tests.Jobs;

/// <summary>Programs run as processes.</summary>
public sealed class ProgramRunnerTests
{
    [Fact]
    public async Task Arguments_arrive_as_they_are_and_both_outputs_come_back()
    {
        var run = await RunAsync("sh", "-c", "printf '%s|' \"$@\"; echo oops >&2; exit 3", "sh", "a b", "$HOME", "x=1", "", "two\nlines");

        Assert.Equal("a b|$HOME|x=1||two\nlines|", run.Out);
        Assert.Equal("oops\n", run.Error);
        Assert.Equal("ended with exit code 3", run.Failure);
    }

    [Fact]
    public async Task One_that_is_not_there_is_told()
    {
        var run = await RunAsync("no-such-scheduler");

        Assert.Equal(ProgramOutcome.NotStarted, run.End);
        Assert.Contains("The program 'no-such-scheduler' is not found in PATH", run.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_leaves_a_daemon_with_its_output_open_does_not_hold_it_up()
    {
        var run = await Runner(TimeSpan.FromMinutes(5)).RunAsync(["sh", "-c", "sleep 30 & echo done"], default);

        Assert.Equal((null, "done\n"), (run.Failure, run.Out));
    }

    [Fact]
    public async Task One_that_hangs_is_ended()
    {
        var run = await Runner(TimeSpan.FromMilliseconds(300)).RunAsync(["sleep", "1000"], default);

        Assert.Equal(ProgramOutcome.Cut, run.End);
        Assert.Contains("took longer than 0.3 s (backend.timeout) and was ended", run.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_prints_without_end_is_ended()
    {
        var run = await RunAsync("yes");

        Assert.Equal(ProgramOutcome.Cut, run.End);
        Assert.Contains("printed more than 4 MiB and was ended", run.Failure, StringComparison.Ordinal);
        Assert.InRange(run.Out.Length, 1, 4 << 20);
    }

    [Fact]
    public async Task One_sees_the_variables_that_are_passed_on_and_no_others()
    {
        var run = await new ProgramRunner("/", TimeSpan.FromSeconds(30), key: null, static name => name is "PATH", TimeProvider.System).RunAsync(["env"], default);

        Assert.Contains("PATH=", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("HOME=", run.Out, StringComparison.Ordinal);
    }

    private static ProgramRunner Runner(TimeSpan timeout) => new("/", timeout, "backend.timeout", static _ => true, TimeProvider.System);

    private static Task<ProgramRun> RunAsync(params string[] command) => Runner(TimeSpan.FromSeconds(30)).RunAsync(command, default);
}
