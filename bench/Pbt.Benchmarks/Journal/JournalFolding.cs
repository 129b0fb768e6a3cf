using System.Diagnostics;
using System.Globalization;
using Pbt.Storage;
using Pbt.Storage.Journal;

namespace Pbt.Benchmarks.Journal;

/// <summary>How long a store takes to open a long journal: to read, check and fold it.</summary>
public static class JournalFolding
{
    private const int Runs = 5;

    public static Task RunAsync(string[] args) =>
        Report.InFolderAsync(args, root => RunAsync(root, args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1_000_000));

    private static async Task RunAsync(string root, int events)
    {
        var directory = new StudyDirectory(Path.Combine(root, "fold"));
        Directory.CreateDirectory(directory.Root);
        try
        {
            var bytes = SyntheticStudy.Write(directory, events);
            Report.Line($"fold: {events} events of {SyntheticStudy.Members} members, {bytes / 1e6:F0} MB");
            List<double> seconds = [];
            for (var run = 0; run < Runs; run++)
            {
                GC.Collect();
                var watch = Stopwatch.StartNew();
                await using var store = JournalStore.Open(directory);
                var version = (await store.TransactAsync(static t => t.State.Version)).Value;
                seconds.Add(watch.Elapsed.TotalSeconds);
                Report.Line($"  run {run + 1}: {seconds[^1]:F2} s to version {version}");
            }

            Report.Line($"fold: median {Report.Median(seconds):F2} s of {Runs}, first {seconds[0]:F2} s");
        }
        finally
        {
            Directory.Delete(directory.Root, recursive: true);
        }
    }
}
