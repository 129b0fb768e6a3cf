using Pbt.Core.Population;

namespace Pbt.Runtime.Leases;

/// <summary>Remembers since when each worker's counter has stood still, on the observer's own monotonic clock.</summary>
/// <remarks>Not thread-safe. A worker first seen now has a whole lease before it.</remarks>
public sealed class LeaseTracker(TimeSpan lease, TimeProvider time)
{
    private readonly Dictionary<WorkerId, (long? Counter, long Since)> _seen = [];

    /// <summary>Notes a worker's counter and returns whether it has stood still for a lease.</summary>
    public bool HasExpired(WorkerId worker, long? counter)
    {
        var now = time.GetTimestamp();
        if (!_seen.TryGetValue(worker, out var last) || last.Counter != counter)
        {
            _seen[worker] = (counter, now);
            return false;
        }

        return time.GetElapsedTime(last.Since, now) >= lease;
    }

    /// <summary>Gives every worker a whole lease anew, since nobody could see them for a while.</summary>
    public void StartOver() => _seen.Clear();

    /// <summary>Forgets the workers that are not among these.</summary>
    public void KeepOnly(IEnumerable<WorkerId> workers)
    {
        var kept = workers.ToHashSet();
        foreach (var gone in _seen.Keys.Where(worker => !kept.Contains(worker)).ToList())
            _seen.Remove(gone);
    }
}
