using System.Diagnostics;
using System.Globalization;
using System.Text;
using Pbt.Storage;
using Pbt.Storage.Journal;
using Pbt.Storage.Journal.Snapshots;

namespace Pbt.Benchmarks.Journal;

/// <summary>Durable transactions a second of 64 concurrent workers on one journal, against a bare append and sync.</summary>
/// <remarks>Each transaction completes an interval, decides and claims the next, as a worker does: three events.</remarks>
public static class JournalThroughput
{
    private const int Workers = 64;
    private const int Runs = 5;

    public static Task RunAsync(string[] args) =>
        Report.InFolderAsync(args, root => RunAsync(root, args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 3));

    private static async Task RunAsync(string root, double seconds)
    {
        List<double> rates = [], withoutSnapshots = [], references = [];
        for (var run = 0; run < Runs; run++)
        {
            references.Add(Reference(Path.Combine(root, $"reference-{run}"), seconds / 3));
            var (rate, syncs) = await MeasureAsync(Path.Combine(root, $"throughput-{run}"), seconds);
            rates.Add(rate);
            withoutSnapshots.Add((await MeasureAsync(Path.Combine(root, $"without-{run}"), seconds, new SnapshotPolicy(long.MaxValue, 1))).Rate);
            Report.Line($"  run {run + 1}: {rate:F0} transactions/s, {syncs:F3} syncs each; one append + fdatasync after another: {references[^1]:F0}/s; without snapshots: {withoutSnapshots[^1]:F0} transactions/s");
        }

        Report.Line($"throughput: median {Report.Median(rates):F0} durable transactions/s of {Workers} workers; reference (append 600 bytes + fdatasync, one thread) {Report.Median(references):F0}/s; without snapshots {Report.Median(withoutSnapshots):F0} transactions/s");
    }

    private static async Task<(double Rate, double SyncsEach)> MeasureAsync(string path, double seconds, SnapshotPolicy? snapshots = null)
    {
        var directory = new StudyDirectory(path);
        await using (JournalStore.Create(directory))
        {
        }

        await using var store = new JournalStore(directory.Journal, TimeProvider.System, snapshots: snapshots);
        await WorkerLoop.CreateAsync(store, Workers);
        var before = store.Statistics;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(i => Task.Run(() => WorkerLoop.RunAsync(store, i, watch, seconds))));
        var elapsed = watch.Elapsed.TotalSeconds;
        var after = store.Statistics;
        Directory.Delete(path, recursive: true);
        var transactions = after.Transactions - before.Transactions;
        return (transactions / elapsed, (after.Syncs - before.Syncs) / (double)transactions);
    }

    /// <summary>What the storage allows one writer that shares no sync: a line of typical length, then fdatasync, again and again.</summary>
    private static double Reference(string path, double seconds)
    {
        var line = Encoding.ASCII.GetBytes(new string('x', 599) + "\n");
        File.WriteAllBytes(path, []);
        using var file = JournalFile.Open(path, writable: true);
        var watch = Stopwatch.StartNew();
        var count = 0;
        for (; watch.Elapsed.TotalSeconds < seconds; count++)
        {
            file.Write(line, (long)count * line.Length);
            file.Sync();
        }

        var rate = count / watch.Elapsed.TotalSeconds;
        File.Delete(path);
        return rate;
    }
}
