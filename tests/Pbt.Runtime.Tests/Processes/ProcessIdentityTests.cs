using Pbt.Runtime.Processes;

namespace Pbt.Runtime.Tests.Processes;

public sealed class ProcessIdentityTests
{
    [Fact]
    public void This_process_is_alive()
    {
        Assert.True(ProcessIdentity.Current.IsAlive());
        Assert.Equal(Environment.ProcessId, ProcessIdentity.Current.Pid);
        Assert.Equal(ProcessIdentity.Current, ProcessIdentity.Of(Environment.ProcessId));
    }

    [Fact]
    public void A_pid_that_is_used_again_is_another_process() => Assert.Equal(
        ProcessPresence.Gone,
        (ProcessIdentity.Current with { StartTicks = ProcessIdentity.Current.StartTicks - 1 }).Observe());

    [Fact]
    public void Nothing_is_said_about_another_machine_or_container()
    {
        var otherBoot = ProcessIdentity.Current with { BootId = "4ad0f8a5-0000-0000-0000-000000000000" };
        var otherContainer = ProcessIdentity.Current with { PidNamespace = "pid:[1]" };

        Assert.Equal(ProcessPresence.OutOfSight, otherBoot.Observe());
        Assert.Equal(ProcessPresence.OutOfSight, otherContainer.Observe());
        Assert.Equal(ProcessPresence.OutOfSight, default(ProcessIdentity).Observe());
        Assert.False(otherBoot.IsAlive());
    }

    [Theory]
    [InlineData("a) Z (b")]
    [InlineData(") X 1 1 1")]
    [InlineData("new\nline")]
    [InlineData("(((")]
    public async Task The_programs_name_may_hold_anything(string name)
    {
        await using var sandbox = new Sandbox();
        File.Copy("/bin/sleep", sandbox.At(name));
        var child = sandbox.Start("./" + name, "600");

        Assert.Equal(child.Identity, ProcessIdentity.Of(child.Pid));
        Assert.True(child.Identity.IsAlive());

        await child.EndAsync(TimeSpan.Zero);
        Assert.Equal(ProcessPresence.Gone, child.Identity.Observe());
    }

    [Fact]
    public async Task A_zombie_is_gone()
    {
        await using var sandbox = new Sandbox();

        // The shell that started it becomes a program that never reaps.
        sandbox.Start("sh", "-c", "sh -c 'echo $$ > pids; exec sleep 600' & exec sleep 600");
        var pid = (await sandbox.PidsAsync("pids", 1))[0];
        var identity = Assert.NotNull(ProcessIdentity.Of(pid));

        await sandbox.Start("sh", "-c", "kill -9 " + pid).WaitAsync();

        await Sandbox.AreGoneAsync([pid], Sandbox.Soon);
        Assert.True(Directory.Exists($"/proc/{pid}"), "It should be a zombie now.");
        Assert.Equal(ProcessPresence.Gone, identity.Observe());
    }
}
