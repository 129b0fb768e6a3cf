using System.Collections.Immutable;
using System.Globalization;
using Pbt.Core.Population;
using Pbt.Core.Population.Snapshots;
using Pbt.Core.Scheduling;
using Pbt.Storage.Journal;
using Pbt.Storage.Journal.Snapshots;
using Pbt.Testing;

namespace Pbt.Storage.Tests.Journal;

/// <summary>A study long enough for snapshots that are written early.</summary>
internal static class SnapshotStudy
{
    /// <summary>After every 50 events, or a quarter of the log.</summary>
    public static readonly SnapshotPolicy Soon = new(50, 4);

    public static readonly SnapshotPolicy Never = new(long.MaxValue, 1);

    private static readonly WorkerId Worker = new("w");

    public static JournalStore Open(StudyDirectory directory, SnapshotPolicy? policy = null) => new(directory.Journal, TimeProvider.System, snapshots: policy ?? Soon);

    /// <summary>Creates the study, and ends so many intervals of each of its two members.</summary>
    public static async Task WriteAsync(StudyDirectory directory, int intervals, SnapshotPolicy? policy = null)
    {
        await using (JournalStore.Create(directory))
        {
        }

        await using var store = Open(directory, policy);
        await JournalText.AddAsync(store, [.. ConformanceStudy.Creation(), new WorkerJoined(Worker, "host", 1, BootId: null, 0, 1)]);
        await WorkAsync(store, intervals);
    }

    /// <summary>Ends so many more intervals of each member, one in each transaction.</summary>
    public static async Task WorkAsync(IStudyStore store, int intervals)
    {
        for (var i = 0; i < 2 * intervals; i++)
            await store.TransactAsync(static t => Work(t));
    }

    /// <summary>Fails unless loading, with whatever snapshot there is, gives what the journal alone does; returns that state.</summary>
    public static async Task<StudyState> AssertLoadsAsync(StudyDirectory directory, SnapshotPolicy? policy = null)
    {
        await using var store = Open(directory, policy ?? Never);
        var expected = StudyState.Fold(await JournalText.ReadAsync(store));
        var loaded = await store.LoadAsync();
        AssertSame(expected, loaded);
        return loaded;
    }

    public static void AssertSame(StudyState expected, StudyState actual) =>
        Assert.True(StudySnapshot.Encode(expected).Span.SequenceEqual(StudySnapshot.Encode(actual).Span), string.Create(CultureInfo.InvariantCulture, $"Versions {expected.Version} and {actual.Version} differ."));

    /// <summary>The version that the snapshot stands for, by its header alone; 0 if there is none that fits.</summary>
    public static long Version(StudyDirectory directory)
    {
        using var journal = JournalFile.Open(directory.Journal, writable: false);
        return SnapshotFile.ReadHeader(directory.Snapshot, journal, journal.Length)?.Position.Version ?? 0;
    }

    /// <summary>Whether the snapshot is one that would be used.</summary>
    public static bool IsUsed(StudyDirectory directory)
    {
        using var journal = JournalFile.Open(directory.Journal, writable: false);
        return new JournalSnapshots(directory.Journal, Never).Load(journal, journal.Length) is not null;
    }

    private static int Work(StudyTransaction transaction)
    {
        var state = transaction.State;
        var member = state.Members.MinBy(static m => m.Intervals)!;
        var (attempt, interval) = (state.NextAttempt, member.Intervals + 1);
        transaction.Add(new AttemptStarted(attempt, member.Id, interval, Worker, member.Start, 1));
        var metrics = ImmutableSortedDictionary.Create<string, double>(StringComparer.Ordinal).Add("loss", 1.0 / interval);
        transaction.Add(new IntervalCompleted(attempt, Math.Sin(attempt.Value), 10, 0.5, [], metrics));
        transaction.Add(new MemberDecided(member.Id, interval, MemberAction.Explore, Donor: null, Checkpoint: null, ConformanceStudy.Values(interval)));
        return 0;
    }
}
