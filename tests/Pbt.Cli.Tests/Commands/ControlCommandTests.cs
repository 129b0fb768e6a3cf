using Pbt.Core.Population;

namespace Pbt.Cli.Tests.Commands;

public sealed class ControlCommandTests
{
    [Fact]
    public async Task Pause_and_resume_say_what_happened()
    {
        using var study = new TestStudy();
        study.Claim();

        var paused = await study.RunAsync("pause", "DIR");
        Assert.Equal("demo is paused: no new attempts start; the one that is running goes on to its end. `pbt resume` lets it go on\n", paused.Out);
        Assert.Equal((ExitCode.Done, StudyPhase.Paused), (paused.Exit, study.State.Phase));

        var resumed = await study.RunAsync("resume", "DIR");
        Assert.Equal("demo goes on with 1 worker\n", resumed.Out);
        Assert.Equal((ExitCode.Done, StudyPhase.Created), (resumed.Exit, study.State.Phase));
    }

    [Fact]
    public async Task What_does_not_apply_changes_nothing_and_is_a_bad_request()
    {
        using var study = new TestStudy();
        Assert.Equal(ExitCode.BadRequest, (await study.RunAsync("resume", "DIR")).Exit);
        await study.RunAsync("pause", "DIR");
        var version = study.Store.Events.Count;
        Assert.Equal(ExitCode.BadRequest, (await study.RunAsync("pause", "DIR")).Exit);
        Assert.Equal(version, study.Store.Events.Count);
    }

    [Fact]
    public async Task A_stopped_study_gives_its_attempts_up_and_can_be_resumed()
    {
        using var study = new TestStudy();
        study.Claim();
        study.Claim();

        var stopped = await study.RunAsync("stop", "DIR");

        Assert.Equal("demo is stopped; 2 running attempts given up. `pbt resume` lets it go on\n", stopped.Out);
        Assert.Equal(ExitCode.BadRequest, (await study.RunAsync("stop", "DIR")).Exit);
        Assert.Equal(ExitCode.BadRequest, (await study.RunAsync("pause", "DIR")).Exit);
        Assert.Equal(ExitCode.Done, (await study.RunAsync("resume", "DIR")).Exit);
    }

    [Fact]
    public async Task A_completed_study_is_not_resumed()
    {
        using var study = new TestStudy().RunRounds(6);

        Assert.Equal(ExitCode.BadRequest, (await study.RunAsync("resume", "DIR")).Exit);
        Assert.Equal(StudyPhase.Completed, study.State.Phase);
    }
}
