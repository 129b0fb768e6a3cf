using System.Runtime.Versioning;
using Pbt.Runtime.Processes;

namespace Pbt.Runtime.Tests.Processes;

[UnsupportedOSPlatform("windows")]
public sealed class ProcessSweepTests
{
    [Fact]
    public async Task Only_a_whole_entry_counts()
    {
        await using var sandbox = new Sandbox();
        var mark = new EnvironmentEntry("SWEEP_TEST", sandbox.Root);
        ChildProcess Sleeper(string name, string value)
        {
            var environment = new Dictionary<string, string>(sandbox.Environment, StringComparer.Ordinal) { [name] = value };
            return Sandbox.Start(sandbox.Launch("sleep", "600") with { Environment = environment });
        }

        var marked = Sleeper(mark.Name, mark.Value);
        var longer = Sleeper(mark.Name, mark.Value + "x");
        var shorter = Sleeper(mark.Name, mark.Value[..^1]);
        var inside = Sleeper("OTHER", mark.ToString());
        var prefixed = Sleeper("X" + mark.Name, mark.Value);

        Assert.Equal([marked.Pid], ProcessSweep.Find(mark));
        Assert.Equal(new SweepOutcome(Killed: 1, Remaining: 0), await ProcessSweep.KillAsync(mark));

        Assert.Equal(ExitStatus.Signaled(9), await marked.WaitAsync());
        Assert.All([longer, shorter, inside, prefixed], child => Assert.True(child.Identity.IsAlive()));
    }

    [Fact]
    public async Task Processes_that_keep_multiplying_are_all_killed()
    {
        await using var sandbox = new Sandbox();
        var mark = new EnvironmentEntry("SWEEP_TEST", sandbox.Root);
        sandbox.Environment[mark.Name] = mark.Value;
        sandbox.Script("breed", "#!/bin/sh\necho $$ >> pids\nsetsid sleep 0.05\nsetsid ./breed &\nexit");
        for (var i = 0; i < 4; i++)
            sandbox.Start("./breed");
        await sandbox.PidsAsync("pids", 12);

        var outcome = await ProcessSweep.KillAsync(mark);

        Assert.Equal(0, outcome.Remaining);
        Assert.Empty(ProcessSweep.Find(mark));
    }

    [Fact]
    public void This_process_is_never_found()
    {
        var (name, value) = ("PATH", Environment.GetEnvironmentVariable("PATH")!);

        Assert.DoesNotContain(Environment.ProcessId, ProcessSweep.Find(new EnvironmentEntry(name, value)));
    }

    [Fact]
    public async Task Nothing_to_find_is_no_error() => Assert.Equal(
        new SweepOutcome(Killed: 0, Remaining: 0),
        await ProcessSweep.KillAsync(new EnvironmentEntry("SWEEP_TEST", "nobody has this")));

    [Theory]
    [InlineData("", "x")]
    [InlineData("A=B", "x")]
    [InlineData("A", "x\ny")]
    [InlineData("A", "x\0y")]
    public void A_mark_is_one_line(string name, string value) =>
        Assert.ThrowsAny<ArgumentException>(() => new EnvironmentEntry(name, value));
}
