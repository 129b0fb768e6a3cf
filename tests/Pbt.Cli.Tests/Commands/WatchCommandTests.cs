namespace Pbt.Cli.Tests.Commands;

public sealed class WatchCommandTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task In_a_pipe_an_ended_study_is_two_lines_and_its_outcome()
    {
        using var study = new TestStudy().RunRounds(6);

        var printed = await study.RunAsync("watch", "DIR").WaitAsync(Patience);

        Assert.Equal(
            """
            12:01:00 demo completed: 24 of 24 intervals (100%), best 6.2 by m2
            demo completed: every member completed 6 intervals
            best: m2 at interval 6, score 6.2, in DIR/checkpoints/m0002/i000006-a000023

            """,
            printed.Out);
        Assert.Equal(ExitCode.Done, printed.Exit);
    }

    [Fact]
    public async Task It_follows_until_the_study_fails()
    {
        using var study = new TestStudy(TestStudy.Default with { Exploit = new Core.Studies.NoExploit(), Population = 1 });
        var watching = study.RunAsync("watch", "DIR");
        for (var attempt = 0; attempt < 3; attempt++)
            study.Fail(study.Claim(), "boom");

        var printed = await watching.WaitAsync(Patience);

        Assert.Equal(ExitCode.StudyFailed, printed.Exit);
        Assert.Contains("demo failed: no member can make progress", printed.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_ends_when_it_is_interrupted()
    {
        using var study = new TestStudy();
        using var interrupt = new CancellationTokenSource();
        var watching = study.RunAsync(interrupt.Token, "watch", "DIR");
        await interrupt.CancelAsync();

        Assert.Equal(ExitCode.Interrupted, (await watching.WaitAsync(Patience)).Exit);
    }

    [Fact]
    public async Task JSON_is_the_state_at_the_end()
    {
        using var study = new TestStudy().RunRounds(6);

        var json = (await study.RunAsync("watch", "DIR", "--json").WaitAsync(Patience)).Json;

        Assert.Equal("completed", (string?)json["state"]);
    }
}
