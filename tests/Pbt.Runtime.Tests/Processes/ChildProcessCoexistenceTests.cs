using System.Diagnostics;
using System.Globalization;
using Pbt.Runtime.Processes;

namespace Pbt.Runtime.Tests.Processes;

[CollectionDefinition(nameof(CountsOwnResources), DisableParallelization = true)]
public sealed class CountsOwnResources;

[Collection(nameof(CountsOwnResources))]
public sealed class ChildProcessCoexistenceTests
{
    [Fact]
    public async Task Neither_this_nor_the_frameworks_process_class_takes_the_others_children()
    {
        await using var sandbox = new Sandbox();
        var ours = new List<(int Code, Task<ExitStatus> Exit)>();
        var theirs = new List<(int Code, Process Process)>();
        for (var i = 1; i <= 40; i++)
        {
            var script = string.Create(CultureInfo.InvariantCulture, $"exit {i}");
            ours.Add((i, sandbox.Start("sh", "-c", script).WaitAsync()));
            theirs.Add((i, Process.Start(new ProcessStartInfo("sh", ["-c", script]))!));
        }

        foreach (var (code, exit) in ours)
            Assert.Equal(ExitStatus.Exited(code), await exit.WaitAsync(Sandbox.Soon, TimeProvider.System));
        foreach (var (code, process) in theirs)
        {
            await process.WaitForExitAsync().WaitAsync(Sandbox.Soon, TimeProvider.System);
            Assert.Equal(code, process.ExitCode);
            process.Dispose();
        }
    }

    [Fact]
    public async Task Many_quick_children_leave_no_file_no_thread_and_no_zombie()
    {
        await using var sandbox = new Sandbox();
        var launch = sandbox.Launch("/bin/true");
        await Sandbox.Start(launch).WaitAsync();
        var files = Count("fd");

        for (var i = 0; i < 20; i++)
        {
            var children = Enumerable.Range(0, 10).Select(_ => Sandbox.Start(launch).WaitAsync());
            Assert.All(await Task.WhenAll(children), status => Assert.Equal(ExitStatus.Exited(0), status));
        }

        await Eventually.BecomesTrueAsync(
            () => Watchers() == 0 && Zombies().Count == 0 && Count("fd") <= files + 2,
            () => $"{Watchers()} watching threads; zombies {string.Join(' ', Zombies())}; {Count("fd")} files, {files} before",
            TimeSpan.FromSeconds(5));
    }

    private static int Count(string what) => Directory.GetFileSystemEntries($"/proc/self/{what}").Length;

    private static int Watchers() => Directory.GetDirectories("/proc/self/task").Count(IsWatcher);

    private static bool IsWatcher(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).StartsWith("child process", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static List<string> Zombies()
    {
        var parent = string.Create(CultureInfo.InvariantCulture, $" {Environment.ProcessId} ");
        var zombies = new List<string>();
        foreach (var directory in Directory.GetDirectories("/proc").Where(path => char.IsAsciiDigit(path[^1])))
        {
            try
            {
                var stat = File.ReadAllText(Path.Combine(directory, "stat"));
                if (stat[(stat.LastIndexOf(')') + 1)..].StartsWith(" Z" + parent, StringComparison.Ordinal))
                    zombies.Add(stat);
            }
            catch (IOException)
            {
                // It has just gone.
            }
        }

        return zombies;
    }
}
