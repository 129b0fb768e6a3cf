using System.Globalization;
using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Storage;
using Pbt.Storage.Journal;
using Pbt.Storage.Postgres;

// DIRECTORY-OR-ADDRESS NAME COUNT: commits that many transactions, four at a time. Each adds a worker named NAME-i whose
// process id is the number of workers before it, and prints `NAME-i VERSION` once it is acknowledged. With a fourth
// argument, it leaves a snapshot of the journal after every so many events.
const int AtATime = 4;
var name = args[1];
var count = int.Parse(args[2], CultureInfo.InvariantCulture);
await using IStudyStore store = args switch
{
    [var address, ..] when PostgresAddress.IsOne(address) => PostgresStudyStore.Create(PostgresAddress.Parse(address)),
    [var directory, _, _, var period] => new JournalStore(
        new StudyDirectory(directory).Journal, TimeProvider.System, snapshots: new(long.Parse(period, CultureInfo.InvariantCulture), int.MaxValue)),
    _ => JournalStore.Open(new StudyDirectory(args[0])),
};
await using var output = Console.OpenStandardOutput();
var gate = new Lock();
var next = -1;
await Task.WhenAll(Enumerable.Range(0, AtATime).Select(_ => Task.Run(async () =>
{
    for (int i; (i = Interlocked.Increment(ref next)) < count;)
    {
        var worker = new WorkerId($"{name}-{i}");
        var committed = await PatientlyAsync(() => store.TransactAsync(t =>
        {
            // Once only: a transaction that failed may have been committed.
            if (t.State.Find(worker) is null)
                t.Add(new WorkerJoined(worker, "host", t.State.Workers.Count, BootId: null, 0, 1));

            return 0;
        }));
        var line = System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{worker} {committed.Version}\n"));
        lock (gate)
            output.Write(line);
    }
})));

static async Task<T> PatientlyAsync<T>(Func<ValueTask<T>> transact)
{
    while (true)
    {
        try
        {
            return await transact();
        }
        catch (TransientStoreException)
        {
            await Task.Delay(50);
        }
    }
}
