using System.Diagnostics;
using System.Globalization;
using static Pbt.Nfs.TestHost.Driver;

namespace Pbt.Nfs.TestHost;

/// <summary>What one host sees of what the other did, and how soon.</summary>
internal static class SightScenarios
{
    public static async Task<string> VisibleAsync(string name)
    {
        const int Rounds = 25;
        await using var a = await HostProcess.AgentAsync("a", $"{Shared}/{name}");
        await using var b = await HostProcess.AgentAsync("b", $"{Shared}/{name}");
        List<string> expected = [];
        for (var i = 0; i < Rounds; i++)
        {
            // By turns, so that each has cached what the other then changes.
            var (writer, reader) = i % 2 == 0 ? (a, b) : (b, a);
            expected.Add($"w{i}");
            var version = await writer.AskAsync("join", $"w{i}");
            Check(version.Equals(expected.Count.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal), $"version {version} was given to event {expected.Count}");
            var read = await reader.AskAsync("read");
            Check(read.Equals(string.Join(',', expected), StringComparison.Ordinal), $"after {expected.Count} events the other host read '{read}'");
        }

        return $"{Rounds} of {Rounds} read at once";
    }

    public static async Task<string> WakesAsync(string name)
    {
        const int Rounds = 8;
        await using var a = await HostProcess.AgentAsync("a", $"{Shared}/{name}");
        await using var b = await HostProcess.AgentAsync("b", $"{Shared}/{name}");
        var longest = TimeSpan.Zero;
        for (var i = 0; i < Rounds; i++)
        {
            var waiting = b.AskAsync("wait", i.ToString(CultureInfo.InvariantCulture));
            await a.AskAsync("join", $"w{i}");
            var clock = Stopwatch.StartNew();
            await waiting;
            longest = clock.Elapsed > longest ? clock.Elapsed : longest;
        }

        Check(longest < TimeSpan.FromSeconds(3), $"b woke after {Seconds(longest)} s");
        return $"woke within {Seconds(longest)} s";
    }

    public static async Task<string> HeartbeatsAsync(string name)
    {
        const int Rounds = 10;
        await using var a = await HostProcess.AgentAsync("a", $"{Shared}/{name}");
        await using var b = await HostProcess.AgentAsync("b", $"{Shared}/{name}");
        Check(await b.AskAsync("heartbeat", "w") is "none", "there is a heartbeat before the first");
        var longest = TimeSpan.Zero;
        for (var i = 0; i < Rounds; i++)
        {
            var counter = i.ToString(CultureInfo.InvariantCulture);
            await a.AskAsync("beat", "w", counter);
            var clock = Stopwatch.StartNew();
            while (!(await b.AskAsync("heartbeat", "w")).Equals(counter, StringComparison.Ordinal))
            {
                Check(clock.Elapsed < TimeSpan.FromSeconds(70), $"beat {i} was not seen within 70 s");
                await Task.Delay(20);
            }

            longest = clock.Elapsed > longest ? clock.Elapsed : longest;
        }

        // Less than the default lease, with room for the beat itself.
        Check(longest < TimeSpan.FromSeconds(5), $"b saw a beat after {Seconds(longest)} s");
        return $"seen within {Seconds(longest)} s";
    }

    public static async Task<string> CheckpointsAsync(string name)
    {
        const int Rounds = 5;
        await using var a = await HostProcess.AgentAsync("a", $"{Shared}/{name}");
        await using var b = await HostProcess.AgentAsync("b", $"{Shared}/{name}");
        for (var i = 0; i < Rounds; i++)
        {
            var interval = i.ToString(CultureInfo.InvariantCulture);

            // So that b's system remembers that there is none.
            Check(await b.AskAsync("fetch", interval) is "none" && await b.AskAsync("fetch", interval) is "none", "b found a checkpoint before there was one");
            await a.AskAsync("publish", interval, "100000");
            await a.AskAsync("join", $"w{i}");
            await b.AskAsync("read");
            var found = await b.AskAsync("fetch", interval);
            Check(found is "True 100000", $"b found '{found}' in place of checkpoint {i}");
        }

        return $"{Rounds} of {Rounds} found at once";
    }

    /// <summary>What host a wrote and then closed, b must not take for torn, although it has the file cached, open and to itself.</summary>
    public static async Task<string> ClosedAsync(string name)
    {
        const int Rounds = 4;
        await using var b = await HostProcess.AgentAsync("b", $"{Shared}/{name}");
        List<string> expected = [];
        for (var i = 0; i < Rounds; i++)
        {
            expected.Add($"b{i}");
            await b.AskAsync("join", $"b{i}");
            await using (var a = await HostProcess.AgentAsync("a", $"{Shared}/{name}"))
            {
                expected.Add($"a{i}");
                await a.AskAsync("join", $"a{i}");
            }

            // With the first read the server may hand b a delegation; the transaction after it must still see everything.
            var read = i % 2 == 0 ? await b.AskAsync("read") : string.Join(',', expected);
            Check(read.Equals(string.Join(',', expected), StringComparison.Ordinal), $"b reads '{read}' after {expected.Count} events");
        }

        expected.Add("last");
        await b.AskAsync("join", "last");
        var all = await File.ReadAllTextAsync(Path.Combine(Environment.GetEnvironmentVariable("PBT_NFS_EXPORT")!, name, "journal.jsonl"));
        Check(all.Count(static c => c == '\n') == expected.Count, $"the journal has {all.Count(static c => c == '\n')} lines, not {expected.Count}");
        return $"{expected.Count} of {expected.Count} seen";
    }

    public static async Task<string> TornAsync(string name)
    {
        await using var b = await HostProcess.AgentAsync("b", $"{Shared}/{name}");
        await b.AskAsync("join", "first");
        await using (var a = await HostProcess.AgentAsync("a", $"{Shared}/{name}"))
        {
            await a.AskAsync("join", "second");
            await a.AskAsync("tear", "{\"version\":3,\"time\":\"20");
            await a.KillAsync();
        }

        var read = await b.AskAsync("read");
        Check(read is "first,second", $"b reads '{read}'");
        Check(await b.AskAsync("join", "third") is "3", "b's version is not 3");
        Check(await b.AskAsync("read") is "first,second,third", "b reads something else");
        return "cut by the other host";
    }

    public static async Task<string> ReplacedAsync(string name)
    {
        await using var a = await HostProcess.AgentAsync("a", $"{Shared}/{name}");
        await using var b = await HostProcess.AgentAsync("b", $"{Shared}/{name}");
        await a.AskAsync("join", "first");
        await b.AskAsync("join", "second");

        // By a host that does not have it open itself: one that has keeps the old file under another name.
        var journal = $"{Shared}/{name}/journal.jsonl";
        using (var replace = HostProcess.Start("c", "/bin/sh", "-c", $"cp {journal} {journal}.new && mv {journal}.new {journal}"))
            await replace.WaitForExitAsync();

        return await FailsAsync("DamagedStoreException", b.AskAsync("join", "third"));
    }
}
