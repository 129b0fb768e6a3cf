using Pbt.Core.Population;

namespace Pbt.Runtime.Leases;

/// <summary>Whom a worker looks after, and how often, so that thousands together do not spend their time on each other.</summary>
/// <remarks>
/// Up to 32 workers all look at all. Of more, the 16 that joined first look at all, and everyone looks at these 16 and at
/// those of its own host, whose processes it can see. A dead worker is found within a lease and a period; if all 16 die
/// at once, the next 16 find those that died with them within two.
/// </remarks>
public static class WatchDuty
{
    private const int Few = 32;
    private const int Watchers = 16;
    private static readonly TimeSpan ForEachWorker = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan AskingForEachWorker = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>The time between two looks: 50 ms for each worker, from 1 s (or a quarter of a short lease) to a quarter of the lease.</summary>
    public static TimeSpan Period(int workers, TimeSpan lease)
    {
        var longest = lease / 4;
        var shortest = longest < Shortest ? longest : Shortest;
        var fair = workers * ForEachWorker;
        return fair < shortest ? shortest : fair < longest ? fair : longest;
    }

    /// <summary>How long a waiting worker lets the log grow before it asks again: 1 ms for each worker, at most 1 s, and nothing for a few.</summary>
    /// <remarks>Everyone who waits is woken by every event: thousands at once would do nothing but ask.</remarks>
    public static TimeSpan PauseBeforeClaim(int workers) =>
        workers <= Watchers ? TimeSpan.Zero : workers * AskingForEachWorker < Shortest ? workers * AskingForEachWorker : Shortest;

    /// <summary>The workers that one of them looks after, in the order in which they joined.</summary>
    public static IReadOnlyList<WorkerState> Of(StudyState state, WorkerState self)
    {
        var all = state.Workers;
        var place = state.PlaceOf(self.Id);
        var watchesAll = all.Count <= Few || (place >= 0 && place < Watchers);
        var watched = new List<WorkerState>(watchesAll ? all.Count : Watchers);
        for (var i = 0; i < all.Count; i++)
        {
            if (i != place && (watchesAll || i < Watchers || SharesHost(all[i], self)))
                watched.Add(all[i]);
        }

        return watched;
    }

    private static bool SharesHost(WorkerState other, WorkerState self) =>
        self.BootId is not null && string.Equals(other.BootId, self.BootId, StringComparison.Ordinal);
}
