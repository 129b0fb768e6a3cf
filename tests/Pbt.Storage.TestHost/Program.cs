using System.Globalization;
using Pbt.Core.Population;
using Pbt.Storage;
using Pbt.Storage.Journal;

// DIRECTORY NAME COUNT: commits that many transactions, four at a time. Each adds a worker named NAME-i whose process id is
// the number of workers before it, and prints `NAME-i VERSION` once it is acknowledged. With a fourth argument, it leaves a
// snapshot after every so many events.
const int AtATime = 4;
var name = args[1];
var count = int.Parse(args[2], CultureInfo.InvariantCulture);
var directory = new StudyDirectory(args[0]);
await using var store = args.Length > 3
    ? new JournalStore(directory.Journal, TimeProvider.System, snapshots: new(long.Parse(args[3], CultureInfo.InvariantCulture), int.MaxValue))
    : JournalStore.Open(directory);
await using var output = Console.OpenStandardOutput();
var gate = new Lock();
var next = -1;
await Task.WhenAll(Enumerable.Range(0, AtATime).Select(_ => Task.Run(async () =>
{
    for (int i; (i = Interlocked.Increment(ref next)) < count;)
    {
        var worker = new WorkerId($"{name}-{i}");
        var committed = await store.TransactAsync(t =>
        {
            t.Add(new WorkerJoined(worker, "host", t.State.Workers.Count, BootId: null, 0, 1));
            return 0;
        });
        var line = System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{worker} {committed.Version}\n"));
        lock (gate)
            output.Write(line);
    }
})));
