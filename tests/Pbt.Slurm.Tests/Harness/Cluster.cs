using System.Diagnostics;
using System.Globalization;

namespace Pbt.Slurm.Tests.Harness;

/// <summary>A real Slurm of three nodes on this machine, started by eng/slurm; all tests share it.</summary>
public class Cluster : IAsyncLifetime
{
    public const string Name = "a Slurm of three nodes";

    private static readonly string Repository = Find();
    private readonly string[] _kind;

    public Cluster()
        : this("3")
    {
    }

    /// <param name="kind">What eng/slurm is told of it: its nodes, and whether there is accounting.</param>
    protected Cluster(params string[] kind) => _kind = kind;

    /// <summary>Why there is none here; empty if there is.</summary>
    public static string WhyNot { get; } = Ask();

    /// <summary>Where it is. Sockets have short names.</summary>
    public string Root { get; } = Directory.CreateTempSubdirectory("pbt-sl-").FullName;

    /// <summary>What tells Slurm's programs of it.</summary>
    public string Configuration => Path.Combine(Root, "slurm.conf");

    public async Task InitializeAsync()
    {
        if (WhyNot.Length == 0)
            await ScriptAsync(["start", Root, .. _kind]);
    }

    public async Task DisposeAsync()
    {
        if (WhyNot.Length > 0)
            return;

        await ScriptAsync("stop", Root);
        Directory.Delete(Root, recursive: true);
    }

    /// <summary>A node dies, with all that it runs.</summary>
    public Task KillNodeAsync(int node) => ScriptAsync("kill-node", Root, node.ToString(CultureInfo.InvariantCulture));

    /// <summary>A node that died comes back, once Slurm has noticed its death.</summary>
    /// <remarks>Slurm would look for the jobs of one that it never missed for most of a minute.</remarks>
    public async Task StartNodeAsync(int node)
    {
        await NodeIsAsync(node, responding: false);
        await ScriptAsync("start-node", Root, node.ToString(CultureInfo.InvariantCulture));
        await NodeIsAsync(node, responding: true);
    }

    public Task KillControllerAsync() => ScriptAsync("kill-controller", Root);

    public Task StartControllerAsync() => ScriptAsync("start-controller", Root);

    /// <summary>Runs one of Slurm's programs.</summary>
    public async Task<Output> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SLURM_CONF"] = Configuration;
        return await EndAsync(start);
    }

    private async Task NodeIsAsync(int node, bool responding)
    {
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(100))
        {
            var listed = await RunAsync("sinfo", "-h", "-N", "-n", string.Create(CultureInfo.InvariantCulture, $"node{node}"), "-p", "main", "-o", "%E");
            if (listed.Out.EndsWith("Not responding\n", StringComparison.Ordinal) != responding)
                return;

            Assert.True(clock.Elapsed.TotalSeconds < 90, $"node{node} is: {listed.All}");
        }
    }

    private static async Task<Output> ScriptAsync(params string[] arguments)
    {
        // Its daemons inherit what is left open, so its output goes to files of their own and only its errors come here.
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(Repository, "eng", "slurm"), arguments) { UseShellExecute = false })!;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"eng/slurm {string.Join(' ', arguments)} ended with {process.ExitCode}");
        return new Output(0, string.Empty, string.Empty);
    }

    private static async Task<Output> EndAsync(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new Output(process.ExitCode, output, await error);
    }

    private static string Ask()
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(Repository, "eng", "slurm"), ["--check"]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var reason = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0 ? string.Empty : $"Slurm cannot be had here: {reason}";
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "pbt.slnx")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"There is no pbt.slnx above {AppContext.BaseDirectory}.");
    }
}

/// <summary>One of a single node, which forgets jobs within seconds and finds them again in its accounts.</summary>
public sealed class AccountedCluster() : Cluster("1", "accounting");

/// <summary>The tests that share the cluster.</summary>
[CollectionDefinition(Cluster.Name)]
public sealed class ClusterTests : ICollectionFixture<Cluster>;
