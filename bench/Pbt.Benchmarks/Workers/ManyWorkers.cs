using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Pbt.Core.Studies;
using Pbt.Runtime;
using Pbt.Runtime.Resources;
using Pbt.Runtime.Studies;
using Pbt.Runtime.Workers;
using Pbt.Storage;
using Pbt.Storage.Journal;

namespace Pbt.Benchmarks.Workers;

/// <summary>Many workers on one journal: what they complete, against what their trainers alone would.</summary>
/// <remarks>
/// Each worker is a whole one, with a store, a lock and heartbeats of its own; a process hosts several of them, since so many
/// processes would not fit beside each other. Their trainers only sleep.
/// </remarks>
internal static class ManyWorkers
{
    private const double IntervalSeconds = 2;
    private const int IntervalsEach = 15;
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(4);

    /// <summary>Measures so many workers in so many processes.</summary>
    public static async Task RunAsync(string folder, int workers, int processes)
    {
        var directory = new StudyDirectory(Path.Combine(folder, "workers"));
        if (Directory.Exists(directory.Root))
            Directory.Delete(directory.Root, recursive: true);

        await CreateAsync(directory, workers);
        var hosts = Enumerable.Range(0, processes).Select(i => Host(directory.Root, Share(workers, processes, i))).ToList();
        var processor = 0.0;
        foreach (var host in hosts)
        {
            var said = await host.StandardOutput.ReadToEndAsync();
            await host.WaitForExitAsync();
            processor += double.Parse(said, CultureInfo.InvariantCulture);
        }

        await using var store = JournalStore.Open(directory, TimeProvider.System);
        var completed = new List<DateTimeOffset>();
        DateTimeOffset joined = default;
        await foreach (var recorded in store.ReadAsync(0, CancellationToken.None))
        {
            if (recorded.Event is Core.Population.IntervalCompleted)
                completed.Add(recorded.Time);
            else if (recorded.Event is Core.Population.WorkerJoined)
                joined = recorded.Time;
        }

        // From when all are there until the first have nothing more to do.
        var (from, to) = (joined + Warm, completed[^workers]);
        var counted = completed.Count(time => time > from && time <= to);
        var (rate, ideal) = (counted / (to - from).TotalSeconds, workers / IntervalSeconds);
        Report.Line($"{workers} workers in {processes} processes, intervals of {IntervalSeconds} s: {rate:0.0} intervals/s over {(to - from).TotalSeconds:0.0} s, {rate / ideal:0.000} of the ideal {ideal:0.0}; {processor / completed.Count * 1000:0.0} ms of processor time an interval");
    }

    /// <summary>Works as so many workers until the study has ended, and prints the processor time that took, in seconds.</summary>
    public static async Task WorkAsync(string root, int workers)
    {
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => WorkAsync(root)));
        Report.Line($"{Environment.CpuUsage.TotalTime.TotalSeconds}");
    }

    private static async Task WorkAsync(string root)
    {
        await using var study = Open(new StudyDirectory(root));
        var options = new WorkerOptions { Slots = [new Slot(0, Gpus: null)], Runners = static _ => new SleepingRunner(TimeSpan.FromSeconds(IntervalSeconds)), NeedsGuard = false };
        await new Worker(study, options, TimeProvider.System, NullLogger.Instance).RunAsync(CancellationToken.None, CancellationToken.None);
    }

    private static OpenStudy Open(StudyDirectory directory) => OpenStudy.In(directory, JournalStore.Create(directory, TimeProvider.System), TimeProvider.System);

    private static async Task CreateAsync(StudyDirectory directory, int workers)
    {
        var spec = SpecReader.Read(
            string.Create(CultureInfo.InvariantCulture, $$"""
                name: workers
                population: {{workers}}
                objective: { metric: score, goal: maximize }
                interval: { steps: 1 }
                budget: { intervals: {{IntervalsEach}} }
                hyperparameters:
                  h: { type: float, min: 0, max: 1 }
                trainer: { protocol: in_process }
                """),
            "workers.yaml",
            directory.Root) is SpecResult.Valid valid ? valid.Spec : throw new InvalidOperationException("The spec is not valid.");
        await using var study = Open(directory);
        await StudyCreation.OpenAsync(study, spec, new HashSet<string>(StringComparer.Ordinal), "benchmark", CancellationToken.None);
    }

    private static int Share(int workers, int processes, int index) => (workers / processes) + (index < workers % processes ? 1 : 0);

    private static Process Host(string root, int workers) => Process.Start(
        new ProcessStartInfo("dotnet", [typeof(ManyWorkers).Assembly.Location, "workers-host", root, workers.ToString(CultureInfo.InvariantCulture)]) { UseShellExecute = false, RedirectStandardOutput = true })!;
}
