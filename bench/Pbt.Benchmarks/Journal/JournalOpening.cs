using System.Diagnostics;
using System.Globalization;
using Pbt.Core.Population;
using Pbt.Core.Population.Snapshots;
using Pbt.Storage;
using Pbt.Storage.Journal;

namespace Pbt.Benchmarks.Journal;

/// <summary>How long a store takes to load the state of a long journal, without a snapshot and with one.</summary>
public static class JournalOpening
{
    private const int Runs = 5;

    public static Task RunAsync(string[] args) =>
        Report.InFolderAsync(args, root => RunAsync(root, args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1_000_000));

    /// <summary>Writes a long study's journal into DIRECTORY/open and leaves it there, for measurements of the whole program.</summary>
    public static long Make(string root, int events)
    {
        var directory = new StudyDirectory(Path.Combine(root, "open"));
        Directory.CreateDirectory(directory.Root);
        return SyntheticStudy.Write(directory, events);
    }

    private static async Task RunAsync(string root, int events)
    {
        var directory = new StudyDirectory(Path.Combine(root, "open"));
        var bytes = Make(root, events);
        try
        {
            await MeasureCodecAsync(directory);
            List<double> without = [], with = [];
            for (var run = 0; run < Runs; run++)
            {
                File.Delete(directory.Snapshot);
                without.Add(await LoadAsync(directory, events));
                with.Add(await LoadAsync(directory, events));
                Report.Line($"  run {run + 1}: {without[^1]:F2} s without a snapshot, which is then written; {with[^1]:F3} s with it");
            }

            Report.Line($"open: {events} events, journal {bytes / 1e6:F0} MB, snapshot {new FileInfo(directory.Snapshot).Length / 1e6:F1} MB; median {Report.Median(without):F2} s without, {Report.Median(with):F3} s with");
        }
        finally
        {
            Directory.Delete(directory.Root, recursive: true);
        }
    }

    private static async Task<double> LoadAsync(StudyDirectory directory, int events)
    {
        GC.Collect();
        var watch = Stopwatch.StartNew();
        await using var store = JournalStore.Open(directory);
        var state = await store.LoadAsync();
        var seconds = watch.Elapsed.TotalSeconds;
        return state.Version == events ? seconds : throw new InvalidOperationException($"{state.Version} events were folded, not {events}.");
    }

    private static async Task MeasureCodecAsync(StudyDirectory directory)
    {
        await using var store = JournalStore.Open(directory);
        var state = new StudyState();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await foreach (var recorded in store.ReadAsync(0))
            state.Apply(recorded);

        var folded = GC.GetTotalMemory(forceFullCollection: true) - before;
        var watch = Stopwatch.StartNew();
        var bytes = StudySnapshot.Encode(state);
        var first = watch.Elapsed;
        var packed = GC.GetTotalMemory(forceFullCollection: true) - before - bytes.Length;
        watch.Restart();
        StudySnapshot.Encode(state);
        var again = watch.Elapsed;
        watch.Restart();
        var decoded = StudySnapshot.Decode(bytes)!;
        var decode = watch.Elapsed;
        Report.Line($"codec: {first.TotalSeconds:F3} s to encode, {again.TotalSeconds:F3} s to encode again, {decode.TotalSeconds:F3} s to decode; the state takes {folded / 1e6:F0} MB folded, {packed / 1e6:F0} MB after it was encoded");
        GC.KeepAlive(state);
        GC.KeepAlive(decoded);
    }
}
