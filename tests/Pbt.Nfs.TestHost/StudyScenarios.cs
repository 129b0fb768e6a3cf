using System.Diagnostics;
using System.Text.Json;
using Pbt.Core.Population;
using Pbt.Storage;
using Pbt.Storage.Journal;
using static Pbt.Nfs.TestHost.Driver;

namespace Pbt.Nfs.TestHost;

/// <summary>The whole program on both hosts.</summary>
internal static class StudyScenarios
{
    private const string Spec = """
        name: two-hosts
        seed: 11
        population: 4
        mode: synchronous
        lease: 20s
        objective: { metric: score, goal: maximize }
        interval: { steps: 4 }
        budget: { intervals: 10 }
        hyperparameters:
          h: { type: float, min: 0, max: 1 }
        trainer: { builtin: plain }
        resources: { slots: 1 }
        """;

    private static readonly string Program = Environment.GetEnvironmentVariable("PBT_PROGRAM")!;

    public static async Task<string> TwoHostsAsync(string name)
    {
        var export = Environment.GetEnvironmentVariable("PBT_NFS_EXPORT")!;
        await File.WriteAllTextAsync(Path.Combine(export, "study.yaml"), Spec);
        var directory = $"{Shared}/{name}";
        var runs = Task.WhenAll(RunAsync("a", directory), RunAsync("b", directory));
        await StartTogetherAsync(new(Path.Combine(export, name)), runs);
        var outputs = await runs;
        Check(outputs.All(static o => o.Exit == 0), string.Join(" | ", outputs.Select(static o => $"{o.Exit}: {o.Text}")));

        var local = await RunAsync("a", "/run/home/local");
        Check(local.Exit == 0, local.Text);
        var shared = await DigestAsync("b", directory);
        Check(shared.Equals(await DigestAsync("a", "/run/home/local"), StringComparison.Ordinal), "the outcome differs from that on a local disk");

        var journal = await File.ReadAllTextAsync(Path.Combine(export, name, "journal.jsonl"));
        var completed = CompletedBy(journal);
        Check(completed.Count == 2 && completed.Values.All(static n => n > 0), $"completed: {string.Join(", ", completed)}");
        return $"intervals completed: {string.Join(", ", completed)}; {shared}";
    }

    /// <summary>Lets no work begin before both hosts have joined: pauses the study from the server itself, and lets it go on.</summary>
    private static async Task StartTogetherAsync(StudyDirectory study, Task runs)
    {
        while (!runs.IsCompleted && new FileInfo(study.Journal) is not { Exists: true, Length: > 0 })
            await Task.Delay(5);

        await using var store = JournalStore.Open(study);
        await AddAsync(store, new StudyPaused());
        while (!runs.IsCompleted && (await store.TransactAsync(static t => t.State.Workers.Select(static w => w.Host).Distinct(StringComparer.Ordinal).Count())).Value < 2)
            await Task.Delay(50);

        await AddAsync(store, new StudyResumed());
    }

    private static async Task AddAsync(JournalStore store, StudyEvent happened) => await store.TransactAsync(transaction =>
    {
        transaction.Add(happened);
        return 0;
    });

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
