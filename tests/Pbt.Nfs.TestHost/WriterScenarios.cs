using System.Globalization;
using static Pbt.Nfs.TestHost.Driver;

namespace Pbt.Nfs.TestHost;

/// <summary>Several processes write one journal at once, through different mounts; one is killed.</summary>
internal static class WriterScenarios
{
    private static readonly string Writer = Path.Combine(AppContext.BaseDirectory, "Pbt.Storage.TestHost");

    public static async Task<string> ProcessesAsync(string name)
    {
        const int Each = 60;
        var directory = $"{Shared}/{name}";
        await using var a = await HostProcess.AgentAsync("a", directory);
        await using var b = await HostProcess.AgentAsync("b", directory);
        var acknowledged = await Task.WhenAll(
            WriteAsync("a", directory, "a1", Each),
            WriteAsync("a", directory, "a2", Each),
            WriteAsync("b", directory, "b1", Each),
            WriteAsync("b", directory, "b2", Each),
            WriteAsync("b", directory, "victim", Each * 1000, killAfter: Each / 2));
        var names = await CheckAsync(a, acknowledged);
        Check(string.Join(',', names).Equals(await b.AskAsync("read"), StringComparison.Ordinal), "the hosts read different journals");
        foreach (var writer in (string[])["a1", "a2", "b1", "b2"])
            Check(names.Count(n => n.StartsWith(writer + "-", StringComparison.Ordinal)) == Each, $"not all of {writer}'s are there");

        return $"{names.Length} transactions of 5 processes";
    }

    /// <summary>Host c has mounted the directory twice: to the server it is one client, which it need not protect from itself.</summary>
    public static async Task<string> TwiceAsync(string name)
    {
        await using var a = await HostProcess.AgentAsync("a", $"{Shared}/{name}");
        using var process = HostProcess.Start("c", Writer, $"{Shared}/{name}", "c", "1");
        var text = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Check(process.ExitCode != 0 && text.Contains("mounted twice with the option nosharecache", StringComparison.Ordinal), $"it ended with {process.ExitCode}: {text}");
        return "refused";
    }

    /// <summary>Each that was acknowledged stands at its version, and nothing stands twice.</summary>
    private static async Task<string[]> CheckAsync(HostProcess reader, IEnumerable<List<(string Worker, int Version)>> acknowledged)
    {
        var names = (await reader.AskAsync("read")).Split(',');
        Check(names.Distinct(StringComparer.Ordinal).Count() == names.Length, "an event is there twice");
        foreach (var (worker, version) in acknowledged.SelectMany(static a => a))
            Check(version <= names.Length && names[version - 1].Equals(worker, StringComparison.Ordinal), $"{worker} is not at version {version}");

        return names;
    }

    private static async Task<List<(string Worker, int Version)>> WriteAsync(string host, string directory, string name, int count, int? killAfter = null)
    {
        using var process = HostProcess.Start(host, Writer, directory, name, count.ToString(CultureInfo.InvariantCulture));
        List<(string, int)> acknowledged = [];
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Split(' ') is [var worker, var version])
                acknowledged.Add((worker, int.Parse(version, CultureInfo.InvariantCulture)));

            if (acknowledged.Count == killAfter)
                process.Kill(entireProcessTree: true);
        }

        await process.WaitForExitAsync();
        Check(process.ExitCode == 0 || killAfter is not null, $"{name} ended with {process.ExitCode}");
        return acknowledged;
    }
}
