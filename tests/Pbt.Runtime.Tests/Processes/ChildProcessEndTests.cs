using Pbt.Runtime.Processes;

namespace Pbt.Runtime.Tests.Processes;

public sealed class ChildProcessEndTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task A_child_that_heeds_term_ends_within_the_grace_and_keeps_its_exit_code()
    {
        await using var sandbox = new Sandbox();
        var child = sandbox.Start("sh", "-c", "trap 'echo saved; exit 7' TERM; echo $$ > ready; while :; do sleep 0.02; done");
        await sandbox.PidsAsync("ready", 1);

        var status = await child.EndAsync(Long);

        Assert.Equal(ExitStatus.Exited(7), status);
        Assert.Contains("saved", sandbox.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_child_that_ignores_term_is_killed_after_the_grace()
    {
        await using var sandbox = new Sandbox();
        var child = sandbox.Start("sh", "-c", "trap '' TERM; echo $$ > ready; while :; do sleep 0.02; done");
        await sandbox.PidsAsync("ready", 1);
        var began = TimeProvider.System.GetTimestamp();

        var status = await child.EndAsync(Short);

        Assert.Equal(ExitStatus.Signaled(9), status);
        Assert.True(TimeProvider.System.GetElapsedTime(began) >= Short);
    }

    [Fact]
    public async Task A_cancelled_grace_kills_at_once()
    {
        await using var sandbox = new Sandbox();
        var child = sandbox.Start("sh", "-c", "trap '' TERM; echo $$ > ready; while :; do sleep 0.02; done");
        await sandbox.PidsAsync("ready", 1);
        using var impatience = new CancellationTokenSource(Short, TimeProvider.System);

        Assert.Equal(ExitStatus.Signaled(9), await child.EndAsync(Long, impatience.Token));
    }

    [Fact]
    public async Task A_group_member_has_the_grace_too_when_the_leader_ends_at_once()
    {
        await using var sandbox = new Sandbox();

        // As with `sh -c "train; report"`: the shell dies of SIGTERM while the trainer still saves.
        var child = sandbox.Start("sh", "-c", "sh -c 'trap \"sleep 0.3; echo saved; exit\" TERM; echo $$ > ready; while :; do sleep 0.02; done' & wait");
        await sandbox.PidsAsync("ready", 1);

        Assert.Equal(ExitStatus.Signaled(15), await child.EndAsync(Long));

        Assert.Contains("saved", sandbox.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sleep 600 & echo $! >> pids; wait")]
    [InlineData("setsid sh -c 'echo $$ >> pids; sleep 600; :' & wait")]
    [InlineData("(setsid sh -c 'sh -c \"echo \\$\\$ >> pids; sleep 600; :\" & exit' &); sleep 600")]
    [InlineData("setsid sh -c 'trap \"\" TERM; exec env -i sh -c \"echo \\$\\$ >> pids; sleep 600; :\"' & wait")]
    [InlineData("set -m; sh -c 'echo $$ >> pids; sleep 600; :' & wait")]
    public async Task Ending_a_child_ends_its_descendants_wherever_they_went(string script)
    {
        await using var sandbox = new Sandbox();
        var child = sandbox.Start("sh", "-c", script);
        var pids = await sandbox.PidsAsync("pids", 1);
        Assert.All(pids, pid => Assert.True(Sandbox.IsRunning(pid)));

        await child.EndAsync(Short);

        await Sandbox.AreGoneAsync(pids, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_daemon_left_by_a_child_that_has_ended_is_killed()
    {
        await using var sandbox = new Sandbox();
        var child = sandbox.Start("sh", "-c", "setsid sh -c 'echo $$ >> pids; sleep 600; :' & exit 4");
        var pids = await sandbox.PidsAsync("pids", 1);
        await child.WaitAsync();

        Assert.Equal(ExitStatus.Exited(4), await child.EndAsync(TimeSpan.Zero));

        await Sandbox.AreGoneAsync(pids, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Leftovers_of_the_group_end_and_other_children_go_on()
    {
        await using var sandbox = new Sandbox();
        var other = sandbox.Start("sleep", "600");
        var child = sandbox.Start("sh", "-c", "sleep 600 & echo $! > pids");
        await child.WaitAsync();
        var pids = await sandbox.PidsAsync("pids", 1);
        Assert.True(Sandbox.IsRunning(pids[0]));

        child.EndLeftovers();
        child.EndLeftovers();

        await Sandbox.AreGoneAsync(pids, TimeSpan.FromSeconds(1));
        Assert.True(other.Identity.IsAlive());
        await other.EndAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task Ending_may_be_asked_for_more_than_once_and_at_the_same_time()
    {
        await using var sandbox = new Sandbox();
        var child = sandbox.Start("sleep", "600");

        var ends = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => child.EndAsync(Long)));

        Assert.All(ends, status => Assert.Equal(ExitStatus.Signaled(15), status));
        Assert.Equal(ExitStatus.Signaled(15), await child.EndAsync(Long));
    }

    [Fact]
    public async Task Waiting_can_be_given_up_without_harm()
    {
        await using var sandbox = new Sandbox();
        var child = sandbox.Start("sleep", "600");
        using var cancelled = new CancellationTokenSource(Short, TimeProvider.System);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => child.WaitAsync(cancelled.Token));

        Assert.True(child.Identity.IsAlive());
        await child.EndAsync(TimeSpan.Zero);
        Assert.False(child.Identity.IsAlive());
    }
}
