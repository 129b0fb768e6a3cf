using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Pbt.Benchmarks.Sessions;

/// <summary>Intervals a second of resident trainers, and what progress costs them, each as a study that <c>pbt run</c> runs.</summary>
internal static class SessionOverhead
{
    private const int Runs = 5;
    private const int Microseconds = 1000;
    private const int ReportSteps = 500_000;
    private const int Spins = 2_000;

    /// <summary>Measures in a folder.</summary>
    public static Task RunAsync(string[] args) => Report.InFolderAsync(args, async folder =>
    {
        foreach (var sync in (bool[])[true, false])
        {
            foreach (var slots in (int[])[1, 2, 4, 8])
                await MeasureIntervalsAsync(folder, slots, capacity: 1, members: slots, intervals: 2000 / slots, sync);

            await MeasureIntervalsAsync(folder, slots: 1, capacity: 64, members: 64, intervals: 100, sync);
        }

        await MeasureReportsAsync(folder);
    });

    private static async Task MeasureIntervalsAsync(string folder, int slots, int capacity, int members, int intervals, bool sync)
    {
        var rates = new List<double>();
        for (var run = 0; run < Runs; run++)
        {
            var spec = Spec(members, slots, intervals, steps: 1, sync, "session-train", Text(Microseconds), Text(capacity));
            var completed = Completed(await StudyAsync(folder, spec)).Select(static e => e.Time).ToList();

            // From when all trainers are up: their start is the framework's, once for each.
            var first = Math.Max(2 * members, 1);
            rates.Add((completed.Count - first) / (completed[^1] - completed[first - 1]).TotalSeconds);
        }

        Report.Line($"{slots} trainers of {capacity} places, intervals of {Microseconds} us, {(sync ? "checkpoints durable too" : "checkpoints left to the system")}: {Report.Median(rates):0} intervals/s ({rates.Min():0} - {rates.Max():0}, {Runs} runs)");
    }

    private static async Task MeasureReportsAsync(string folder)
    {
        var (plain, reporting) = (new List<double>(), new List<double>());
        var spec = Spec(members: 1, slots: 1, intervals: 10, ReportSteps, sync: true, "session-report", Text(ReportSteps), Text(Spins));
        foreach (var (score, interval) in Completed(await StudyAsync(folder, spec)).Select(static (e, i) => (e.Score, i + 1)).Skip(2))
            (interval % 2 == 0 ? reporting : plain).Add(score);

        var kept = File.ReadLines(Path.Combine(folder, "study", "metrics", "m0000.jsonl")).LongCount();
        var (without, with) = (Report.Median(plain), Report.Median(reporting));
        Report.Line($"{ReportSteps} steps of {without / ReportSteps * 1e6:0.0} us without reports {without:0.00} s, with a report each {with:0.00} s ({reporting.Min():0.00} - {reporting.Max():0.00}): {ReportSteps / with:0} reports/s, {with / without:0.000} x; {kept} of {5L * ReportSteps} kept");
    }

    private static string Spec(int members, int slots, int intervals, int steps, bool sync, params string[] command) => $$"""
        name: sessions
        population: {{Text(members)}}
        objective: { metric: score, goal: maximize }
        interval: { steps: {{Text(steps)}} }
        budget: { intervals: {{Text(intervals)}} }
        hyperparameters:
          h: { type: float, min: 0, max: 1 }
        {{(members > 1 ? string.Empty : "exploit: { strategy: none }")}}
        trainer:
          protocol: session
          command: [{{string.Join(", ", command.Prepend(typeof(SessionOverhead).Assembly.Location).Prepend("dotnet").Select(static word => JsonSerializer.Serialize(word)))}}]
        resources: { slots: {{Text(slots)}}, gpus: none }
        checkpoints: { sync: {{(sync ? "true" : "false")}} }
        """;

    private static async Task<string> StudyAsync(string folder, string spec)
    {
        var study = Path.Combine(folder, "study");
        if (Directory.Exists(study))
            Directory.Delete(study, recursive: true);

        await File.WriteAllTextAsync(Path.Combine(folder, "study.yaml"), spec);
        var start = new ProcessStartInfo(Path.Combine(Root(), "pbt"), ["run", Path.Combine(folder, "study.yaml"), "--dir", study]) { RedirectStandardOutput = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? study : throw new InvalidOperationException(output);
    }

    private static IEnumerable<(DateTimeOffset Time, double Score)> Completed(string study)
    {
        foreach (var line in File.ReadLines(Path.Combine(study, "journal.jsonl")))
        {
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.GetProperty("type").ValueEquals("interval_completed"))
                yield return (json.RootElement.GetProperty("time").GetDateTimeOffset(), json.RootElement.GetProperty("data").GetProperty("score").GetDouble());
        }
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "pbt.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("There is no pbt.slnx above the benchmarks.");

        return folder;
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
