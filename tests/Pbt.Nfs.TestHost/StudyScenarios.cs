using System.Diagnostics;
using System.Text.Json;
using static Pbt.Nfs.TestHost.Driver;

namespace Pbt.Nfs.TestHost;

/// <summary>The whole program on both hosts.</summary>
internal static class StudyScenarios
{
    private const string Spec = """
        name: two-hosts
        seed: 11
        population: 6
        mode: synchronous
        lease: 20s
        objective: { metric: score, goal: maximize }
        interval: { steps: 4 }
        budget: { intervals: 20 }
        hyperparameters:
          h: { type: float, min: 0, max: 1 }
        trainer: { builtin: plain }
        resources: { slots: 1 }
        """;

    private static readonly string Program = Environment.GetEnvironmentVariable("PBT_PROGRAM")!;

    public static async Task<string> TwoHostsAsync(string name)
    {
        var spec = Path.Combine(Environment.GetEnvironmentVariable("PBT_NFS_EXPORT")!, "study.yaml");
        await File.WriteAllTextAsync(spec, Spec);
        var directory = $"{Shared}/{name}";
        var outputs = await Task.WhenAll(RunAsync("a", directory), RunAsync("b", directory));
        Check(outputs.All(static o => o.Exit == 0), string.Join(" | ", outputs.Select(static o => $"{o.Exit}: {o.Text}")));

        var local = await RunAsync("a", "/run/home/local");
        Check(local.Exit == 0, local.Text);
        var shared = await DigestAsync("b", directory);
        Check(shared.Equals(await DigestAsync("a", "/run/home/local"), StringComparison.Ordinal), "the outcome differs from that on a local disk");

        var journal = await File.ReadAllTextAsync(Path.Combine(Environment.GetEnvironmentVariable("PBT_NFS_EXPORT")!, name, "journal.jsonl"));
        var completed = CompletedBy(journal);
        Check(completed.Count == 2 && completed.Values.All(static n => n > 0), $"completed: {string.Join(", ", completed)}");
        var verified = await EndAsync(HostProcess.Start("b", "dotnet", Program, "verify", directory));
        Check(verified.Exit == 0, verified.Text);
        return $"intervals completed: {string.Join(", ", completed)}; {shared}";
    }

    private static Task<(int Exit, string Text)> RunAsync(string host, string directory) =>
        EndAsync(HostProcess.Start(host, "dotnet", Program, "run", "/mnt/shared/study.yaml", "--dir", directory));

    private static async Task<string> DigestAsync(string host, string directory)
    {
        var status = await EndAsync(HostProcess.Start(host, "dotnet", Program, "status", directory, "--json"));
        using var document = JsonDocument.Parse(status.Text);
        return document.RootElement.GetProperty("outcome_digest").GetString()!;
    }

    private static async Task<(int Exit, string Text)> EndAsync(Process process)
    {
        using (process)
        {
            var text = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, text);
        }
    }

    /// <summary>How many intervals each host's workers completed.</summary>
    private static Dictionary<string, int> CompletedBy(string journal)
    {
        Dictionary<string, string> hosts = new(StringComparer.Ordinal);
        Dictionary<long, string> attempts = [];
        Dictionary<string, int> completed = new(StringComparer.Ordinal);
        foreach (var line in journal.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var document = JsonDocument.Parse(line);
            var happened = document.RootElement;
            var data = happened.GetProperty("data");
            switch (happened.GetProperty("type").GetString())
            {
                case "worker_joined":
                    hosts[data.GetProperty("worker").GetString()!] = data.GetProperty("host").GetString()!;
                    break;
                case "attempt_started":
                    attempts[data.GetProperty("attempt").GetInt64()] = hosts[data.GetProperty("worker").GetString()!];
                    break;
                case "interval_completed" when attempts.TryGetValue(data.GetProperty("attempt").GetInt64(), out var host):
                    completed[host] = completed.GetValueOrDefault(host) + 1;
                    break;
            }
        }

        return completed;
    }
}
