using System.Diagnostics;
using System.Text.Json;

namespace Pbt.Submit.Tests;

/// <summary>A study whose workers are jobs, with a trainer whose results are a function of its seed.</summary>
internal static class Queued
{
    private const string Trainer =
        """
        set -eu
        while [ -e hold ]; do sleep 0.05; done
        old=0
        if [ -n "$PBT_CHECKPOINT_IN" ]; then read -r old <"$PBT_CHECKPOINT_IN/state"; fi
        sleep "$1"
        new=$(awk -v old="$old" -v h="$2" -v seed="$PBT_SEED" 'BEGIN { printf "%.9f", old + 1 - (h - 0.3) * (h - 0.3) + (seed % 1000) / 100000 }')
        echo "$new" >"$PBT_CHECKPOINT_OUT/state"
        echo "{\"score\": $new}" >"$PBT_RESULT"

        """;

    private static readonly Lazy<Task<string>> Local = new(static async () =>
    {
        using var local = Create("kind: local", seconds: 0);
        local.Replace("  poll: 200ms\n", string.Empty);
        (await local.RunAsync(slots: 2)).Expect(0);
        return await DigestAsync(local);
    });

    /// <summary>A study with this backend.</summary>
    public static Study Create(string backend, int population = 4, int intervals = 3, double seconds = 0.05, string? root = null)
    {
        var study = new Study(root).Script("train.sh", Trainer);
        return study.Spec(FormattableString.Invariant(
            $$$"""
            name: demo
            seed: 11
            population: {{{population}}}
            mode: synchronous
            lease: 2s
            objective: { metric: score, goal: maximize }
            interval: { steps: 10 }
            budget: { intervals: {{{intervals}}} }
            hyperparameters:
              h: { type: float, min: 0.0, max: 1.0 }
            trainer:
              command: [./train.sh, "{{{seconds}}}", "{h}"]
              grace: 1s
            backend:
              poll: 200ms
            {{{string.Join('\n', backend.Split('\n').Select(static line => "  " + line))}}}

            """));
    }

    /// <summary>Lets no trainer end until <see cref="Release"/>.</summary>
    public static void Hold(Study study) => File.WriteAllText(study.At("hold"), string.Empty);

    /// <summary>Lets trainers end.</summary>
    public static void Release(Study study) => File.Delete(study.At("hold"));

    /// <summary>What a study like it, of four members and three intervals, comes to on this machine, undisturbed.</summary>
    /// <remarks>How long its intervals take plays no part.</remarks>
    public static Task<string> LocalDigestAsync() => Local.Value;

    public static async Task<string> DigestAsync(Study study) => (await study.StatusAsync()).GetProperty("outcome_digest").GetString()!;

    /// <summary>The lines of the file of jobs, each as its event and the job's number.</summary>
    public static List<(string Event, long Number, string? Job)> Jobs(Study study)
    {
        var path = Path.Combine(study.Dir, "jobs.jsonl");
        if (!File.Exists(path))
            return [];

        return [.. Text(path).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line =>
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            return (root.GetProperty("event").GetString()!, root.GetProperty("number").GetInt64(), root.TryGetProperty("job", out var id) ? id.GetString() : null);
        })];
    }

    /// <summary>The workers; a scheduler that has a worker's command line in its own is none.</summary>
    public static List<FoundProcess> Workers(Study study) =>
        [.. study.Processes().Where(static p => p.IsWorker && p.CommandLine.Contains("dotnet ", StringComparison.Ordinal) && !p.CommandLine.StartsWith("tsp ", StringComparison.Ordinal))];

    public static int Submitted(Study study) => Jobs(study).Count(static job => job.Event == "submitted");

    /// <summary>The whole lines of a file that pbt may have locked just now.</summary>
    private static string Text(string path)
    {
        while (true)
        {
            try
            {
                var text = File.ReadAllText(path);
                return text[..(text.LastIndexOf('\n') + 1)];
            }
            catch (IOException)
            {
                // For a moment only.
            }
        }
    }

    /// <summary>Runs a program to its end and gives what it printed.</summary>
    public static async Task<string> AskAsync(Study study, IReadOnlyDictionary<string, string> environment, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = study.Root };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var printed = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return printed + await error;
    }
}
