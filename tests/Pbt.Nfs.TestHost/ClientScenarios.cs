using System.Diagnostics;
using static Pbt.Nfs.TestHost.Driver;

namespace Pbt.Nfs.TestHost;

/// <summary>Who holds the lock, and what becomes of it when its holder or the holder's host is gone.</summary>
internal static class ClientScenarios
{
    /// <summary>Above the server's lease of 10 s and the period in which it looks for clients that let theirs run out.</summary>
    private static readonly TimeSpan LeaseAndMore = TimeSpan.FromSeconds(45);

    public static async Task<string> ClientsAsync(string name)
    {
        var clients = (await HostProcess.ToolAsync("clients")).Split('\n');
        foreach (var host in (string[])["a", "b"])
            Check(clients.Count(c => c.Contains($"\"Linux NFSv4.2 host-{host}\"", StringComparison.Ordinal)) == 1, $"host {host} is not one of the server's clients: {string.Join(" | ", clients)}");

        return string.Join(" | ", clients);
    }

    public static async Task<string> KilledAsync(string name)
    {
        await using var a = await HostProcess.AgentAsync("a", $"{Shared}/{name}");
        await using var b = await HostProcess.AgentAsync("b", $"{Shared}/{name}");
        await a.AskAsync("join", "first");
        await a.AskAsync("hold", "never");
        var waiting = b.AskAsync("join", "second");
        await Task.Delay(TimeSpan.FromSeconds(1));
        Check(!waiting.IsCompleted, "b committed although a holds the lock");

        var clock = Stopwatch.StartNew();
        await a.KillAsync();
        Check(await waiting is "2", "b's version is not 2");
        Check(clock.Elapsed < TimeSpan.FromSeconds(35), $"b waited {Seconds(clock.Elapsed)} s");
        Check(await b.AskAsync("read") is "first,second", "b reads something else");
        return $"the lock was free {Seconds(clock.Elapsed)} s after its holder was killed";
    }

    /// <summary>Host a is cut off in a transaction, with a write under way, and about to cut a torn tail; it comes back after b has gone on.</summary>
    public static async Task<string> CutOffAsync(string name)
    {
        var directory = $"{Shared}/{name}";
        await using var a = await HostProcess.AgentAsync("a", directory);
        await using var writer = await HostProcess.AgentAsync("a", directory);
        await using var cutter = await HostProcess.AgentAsync("a", directory);
        await using var b = await HostProcess.AgentAsync("b", directory);
        await using var second = await HostProcess.AgentAsync("b", directory);
        await using var third = await HostProcess.AgentAsync("b", directory);
        foreach (var raw in (string[])["unsent", "torn"])
            await File.WriteAllTextAsync(Path.Combine(Environment.GetEnvironmentVariable("PBT_NFS_EXPORT")!, name, raw), "0123456789torn");

        await a.AskAsync("join", "first");
        await a.AskAsync("hold", "late");
        await writer.AskAsync("raw-lock", "unsent");
        await cutter.AskAsync("raw-lock", "torn");
        await HostProcess.ToolAsync("link", "a", "down");
        var clock = Stopwatch.StartNew();
        var unsent = writer.AskAsync("raw-write", "lost");
        var joined = b.AskAsync("join", "second");
        var locked = Task.WhenAll(second.AskAsync("raw-lock", "unsent"), third.AskAsync("raw-lock", "torn"));
        Check(await joined is "2", "b's version is not 2");
        var waited = clock.Elapsed;
        await locked;
        await second.AskAsync("raw-write", "-second");
        await third.AskAsync("raw-cut", "10");
        await third.AskAsync("raw-write", "-third");
        await Task.WhenAll(second.AskAsync("raw-sync"), third.AskAsync("raw-sync"));
        await Task.WhenAll(second.AskAsync("raw-unlock"), third.AskAsync("raw-unlock"));
        Check(waited < LeaseAndMore, $"b waited {Seconds(waited)} s");
        Check(waited > TimeSpan.FromSeconds(5), $"b waited only {Seconds(waited)} s: the lock was not held");

        await HostProcess.ToolAsync("link", "a", "up");
        var late = await FailsAsync("TransientStoreException", a.AskAsync("release"));
        var lost = await FailsAsync("TransientStoreException", unsent);
        await FailsAsync("TransientStoreException", cutter.AskAsync("raw-cut", "12"));
        await CheckContentAsync(name, "unsent", "0123456789torn-second");
        await CheckContentAsync(name, "torn", "0123456789-third");
        Check(await b.AskAsync("read") is "first,second", "b reads something else");
        Check(await a.AskAsync("join", "third") is "3", "a's version is not 3");
        Check(await b.AskAsync("read") is "first,second,third" && await a.AskAsync("read") is "first,second,third", "a or b reads something else");
        return $"the lock was free {Seconds(waited)} s after its host was cut off; when it was back: '{late}', '{lost}'";
    }

    private static async Task CheckContentAsync(string name, string file, string expected)
    {
        var found = await File.ReadAllTextAsync(Path.Combine(Environment.GetEnvironmentVariable("PBT_NFS_EXPORT")!, name, file));
        Check(found.Equals(expected, StringComparison.Ordinal), $"{file} is '{found}', not '{expected}'");
    }
}
