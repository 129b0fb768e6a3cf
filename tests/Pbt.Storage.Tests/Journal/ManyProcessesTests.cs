using System.Diagnostics;
using System.Globalization;
using Pbt.Core.Population;
using Pbt.Storage.Journal;

namespace Pbt.Storage.Tests.Journal;

/// <summary>Several processes write one journal; some are killed in the middle of it.</summary>
public sealed class ManyProcessesTests : IDisposable
{
    private const int Each = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TemporaryStudy _study = new();

    public void Dispose() => _study.Dispose();

    [Fact]
    public async Task Processes_exclude_each_other_and_one_that_is_killed_loses_nothing_acknowledged()
    {
        await using var store = JournalStore.Create(_study.Directory);
        var hosts = await Task.WhenAll(
            RunAsync("a", Each), RunAsync("b", Each), RunAsync("c", Each), RunAsync("victim", Each * 1000, killAfter: Each)).WaitAsync(Patience);

        var events = await ReadCheckedAsync(store);

        var acknowledged = hosts.SelectMany(static host => host).ToList();
        Assert.True(acknowledged.Count >= 4 * Each);
        Assert.All(acknowledged, ack => Assert.Equal(ack.Worker, events[(int)ack.Version - 1].Worker.Value));
        foreach (var host in (string[])["a", "b", "c"])
            Assert.Equal(Each, events.Count(e => e.Worker.Value.StartsWith(host + "-", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Killed_again_and_again_each_successor_finds_all_that_was_acknowledged()
    {
        await using var store = JournalStore.Create(_study.Directory);
        List<(string Worker, long Version)> acknowledged = [];
        for (var round = 0; round < 10; round++)
        {
            acknowledged.AddRange(await RunAsync($"round{round}", int.MaxValue, killAfter: 10 + (round * 7)).WaitAsync(Patience));

            var events = await ReadCheckedAsync(store);
            Assert.All(acknowledged, ack => Assert.Equal(ack.Worker, events[(int)ack.Version - 1].Worker.Value));
        }

        // Whatever the last one left torn is cut now.
        var version = (await store.TransactAsync(static t => t.State.Version)).Value;
        Assert.Equal(version + 1, await JournalText.AddAsync(store, JournalText.Join((int)version)));
        Assert.Equal(version + 1, (await ReadCheckedAsync(store)).Count);
    }

    /// <summary>Reads all; each event saw exactly those before it.</summary>
    private static async Task<List<WorkerJoined>> ReadCheckedAsync(JournalStore store)
    {
        var events = await JournalText.ReadAsync(store);
        Assert.All(events, static (recorded, i) => Assert.Equal((i + 1, i), (recorded.Version, ((WorkerJoined)recorded.Event).Pid)));
        Assert.Equal(events.Count, events.DistinctBy(static e => ((WorkerJoined)e.Event).Worker).Count());
        return [.. events.Select(static e => (WorkerJoined)e.Event)];
    }

    /// <summary>Runs a process to its end, or kills it after so many acknowledgements; returns what it said was committed.</summary>
    private async Task<List<(string Worker, long Version)>> RunAsync(string name, int count, int? killAfter = null)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Pbt.Storage.TestHost");
        var start = new ProcessStartInfo(program, [_study.Directory.Root, name, count.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        List<(string, long)> acknowledged = [];
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Split(' ') is [var worker, var version])
                acknowledged.Add((worker, long.Parse(version, CultureInfo.InvariantCulture)));

            if (acknowledged.Count == killAfter)
                process.Kill();
        }

        await process.WaitForExitAsync();
        Assert.Equal(killAfter is null ? 0 : 137, process.ExitCode);
        return acknowledged;
    }
}
