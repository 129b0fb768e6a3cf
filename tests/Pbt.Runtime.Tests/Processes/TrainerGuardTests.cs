using System.Globalization;
using Pbt.Runtime.Processes;

namespace Pbt.Runtime.Tests.Processes;

public sealed class TrainerGuardTests
{
    private const int ProcessesPerTrainer = 5;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData("-9 {0}")]
    [InlineData("-9 -{0}")]
    [InlineData("-15 {0}")]
    public async Task Trainers_and_their_descendants_are_gone_soon_after_the_worker_is_killed(string kill)
    {
        await using var sandbox = new Sandbox();
        var (worker, guard) = await StartWorkerAsync(sandbox, trainers: 3);
        var pids = await sandbox.PidsAsync("pids", 3 * ProcessesPerTrainer);
        Assert.All(pids, pid => Assert.True(Sandbox.IsRunning(pid)));

        var arguments = string.Format(CultureInfo.InvariantCulture, kill, worker.Pid);
        await sandbox.Start("sh", "-c", "kill " + arguments).WaitAsync();

        await worker.WaitAsync().WaitAsync(Sandbox.Soon, TimeProvider.System);
        await Sandbox.AreGoneAsync(pids, Limit);
        await Sandbox.AreGoneAsync([guard], Limit);
    }

    [Theory]
    [InlineData("$(touch owned)`touch owned`; touch owned")]
    [InlineData("' ; touch owned ; '")]
    [InlineData("\" ; touch owned ; \"")]
    [InlineData("-e .* \\ $HOME ${GUARD_SCRIPT} é 漢")]
    public async Task What_a_worker_is_called_is_never_run_by_the_guards_shell(string name)
    {
        await using var sandbox = new Sandbox();
        var (worker, _) = await StartWorkerAsync(sandbox, 1, name + sandbox.Root);
        var pids = await sandbox.PidsAsync("pids", 5);
        var bystander = sandbox.Start("sleep", "600");
        await sandbox.Start("sh", "-c", $"kill -9 {worker.Pid}").WaitAsync();
        await Sandbox.AreGoneAsync(pids, Sandbox.Soon);
        Assert.True(Sandbox.IsRunning(bystander.Pid));
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(sandbox.Root), static path => Path.GetFileName(path) is "owned");
        Assert.False(File.Exists("/owned"));
    }

    [Fact]
    public async Task A_guard_that_was_killed_is_replaced_and_the_next_protects_as_well()
    {
        await using var sandbox = new Sandbox();
        var (worker, first) = await StartWorkerAsync(sandbox, trainers: 1);
        var pids = await sandbox.PidsAsync("pids", ProcessesPerTrainer);

        await sandbox.Start("sh", "-c", $"kill -9 {first}").WaitAsync();
        await Eventually.BecomesTrueAsync(
            () => Guards(worker.Pid) is [var next] && next != first,
            () => $"guards {string.Join(' ', Guards(worker.Pid))}, the first was {first}",
            Sandbox.Soon);
        await sandbox.Start("sh", "-c", $"kill -9 {worker.Pid}").WaitAsync();

        await Sandbox.AreGoneAsync(pids, Limit);
    }

    [Fact]
    public async Task A_guard_that_left_in_peace_kills_nothing()
    {
        await using var sandbox = new Sandbox();
        var guard = TrainerGuard.Start(sandbox.Root);
        sandbox.Environment[guard.Mark.Name] = guard.Mark.Value;
        var trainer = sandbox.Start("sleep", "600");
        guard.Register(trainer.Pid);
        var process = Assert.NotNull(guard.ProcessId);

        await guard.DisposeAsync();
        await guard.DisposeAsync();

        Assert.False(guard.IsWatching);
        Assert.False(Sandbox.IsRunning(process));
        Assert.True(trainer.Identity.IsAlive());
    }

    [Fact]
    public async Task Groups_come_and_go_from_many_threads_and_survive_the_guards_replacement()
    {
        await using var sandbox = new Sandbox();
        await using var guard = TrainerGuard.Start(sandbox.Root);
        var first = Assert.NotNull(guard.ProcessId);

        // Numbers above any pid, so that no process could be hit.
        await Parallel.ForEachAsync(Enumerable.Range(0, 8), (worker, _) =>
        {
            for (var i = 0; i < 500; i++)
            {
                guard.Register(0x2000_0000 + (worker * 1000) + i);
                guard.Unregister(0x2000_0000 + (worker * 1000) + i);
            }

            return ValueTask.CompletedTask;
        });
        await sandbox.Start("sh", "-c", $"kill -9 {first}").WaitAsync();
        await Eventually.BecomesTrueAsync(() => guard.ProcessId is { } next && next != first, () => $"guard {guard.ProcessId}", Sandbox.Soon);

        guard.Register(0x2000_0000);
        Assert.True(guard.IsWatching);
    }

    [Fact]
    public async Task A_guard_that_was_stopped_blocks_nobody_and_is_replaced_when_its_pipe_is_full()
    {
        await using var sandbox = new Sandbox();
        await using var guard = TrainerGuard.Start(sandbox.Root);
        var first = Assert.NotNull(guard.ProcessId);
        await sandbox.Start("sh", "-c", $"kill -STOP {first}").WaitAsync();

        for (var i = 0; i < 10_000; i++)
            guard.Register(0x2000_0000 + (i % 100));
        for (var i = 0; i < 10_000; i++)
        {
            guard.Unregister(0x2000_0000 + (i % 100));
            guard.Register(0x2000_0000 + (i % 100));
        }

        await Eventually.BecomesTrueAsync(() => guard.ProcessId is { } next && next != first, () => $"guard {guard.ProcessId}", Sandbox.Soon);
        await Sandbox.AreGoneAsync([first], Sandbox.Soon);
    }

    [Fact]
    public async Task What_kills_by_name_does_not_hit_the_guard()
    {
        await using var sandbox = new Sandbox();
        await using var guard = TrainerGuard.Start(sandbox.Root);
        var process = Assert.NotNull(guard.ProcessId);

        var commandLine = await File.ReadAllTextAsync($"/proc/{process}/cmdline");

        Assert.DoesNotContain("pbt", commandLine, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("dotnet", commandLine, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(process, ProcessSweep.Find(guard.Mark));
    }

    [Fact]
    public async Task The_usual_signals_do_not_end_the_guard()
    {
        await using var sandbox = new Sandbox();
        await using var guard = TrainerGuard.Start(sandbox.Root);
        var process = Assert.NotNull(guard.ProcessId);
        await Eventually.BecomesTrueAsync(
            () => IgnoresTerm(process),
            () => File.ReadAllText($"/proc/{process}/status"),
            Sandbox.Soon);

        await sandbox.Start("sh", "-c", $"kill -INT {process}; kill -TERM {process}; kill -HUP {process}").WaitAsync();
        guard.Register(0x2000_0000);

        Assert.Equal(process, guard.ProcessId);
        Assert.True(Sandbox.IsRunning(process));
    }

    private static bool IgnoresTerm(int pid)
    {
        var line = File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal));
        return (ulong.Parse(line["SigIgn:\t".Length..], NumberStyles.HexNumber, CultureInfo.InvariantCulture) & (1UL << 14)) != 0;
    }

    private static async Task<(ChildProcess Worker, int Guard)> StartWorkerAsync(Sandbox sandbox, int trainers, string? name = null)
    {
        var host = Path.Combine(AppContext.BaseDirectory, "Pbt.Runtime.TestHost.dll");
        var count = trainers.ToString(CultureInfo.InvariantCulture);

        // The framework's own class would put the host into this test's process group, which a test kills as a whole.
        var worker = sandbox.Start("dotnet", "exec", host, "worker", name ?? "worker-of-" + sandbox.Root, sandbox.Root, count);
        var guard = await sandbox.PidsAsync("guard", 1);
        return (worker, guard[0]);
    }

    private static int[] Guards(int worker) =>
    [
        .. Directory.GetDirectories("/proc")
            .Where(path => char.IsAsciiDigit(path[^1]))
            .Where(path => Read(path, "cmdline").Contains("trainer-guard", StringComparison.Ordinal)
                && Read(path, "status").Contains(string.Create(CultureInfo.InvariantCulture, $"\nPPid:\t{worker}\n"), StringComparison.Ordinal))
            .Select(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture)),
    ];

    private static string Read(string directory, string name)
    {
        try
        {
            return File.ReadAllText(Path.Combine(directory, name));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
