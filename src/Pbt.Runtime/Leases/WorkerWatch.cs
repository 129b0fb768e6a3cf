using Pbt.Core.Population;
using Pbt.Core.Wording;
using Pbt.Runtime.Processes;

namespace Pbt.Runtime.Leases;

/// <summary>Finds dead workers: by their processes on this host, by their heartbeats anywhere.</summary>
/// <remarks>Not thread-safe.</remarks>
/// <param name="heartbeats">Their signs of life.</param>
/// <param name="lease">How long a worker may be silent.</param>
/// <param name="time">The observer's clock.</param>
/// <param name="hasVanished">Whether a worker's process is known to be gone; by default <see cref="HasVanished"/>.</param>
public sealed class WorkerWatch(IHeartbeats heartbeats, TimeSpan lease, TimeProvider time, Func<WorkerState, bool>? hasVanished = null)
{
    private readonly LeaseTracker _leases = new(lease, time);
    private readonly Func<WorkerState, bool> _hasVanished = hasVanished ?? HasVanished;

    /// <summary>Those of the workers that are dead, each with the reason.</summary>
    /// <remarks>
    /// While the heartbeats cannot be read, silence says nothing: each worker then has a whole lease before it again once
    /// they can, in which it beats. The same after a reading that took long.
    /// </remarks>
    public async ValueTask<IReadOnlyList<(WorkerState Worker, string Reason)>> FindDeadAsync(IReadOnlyCollection<WorkerState> workers, CancellationToken cancellationToken)
    {
        _leases.KeepOnly(workers.Select(static w => w.Id));
        var vanished = workers.Where(_hasVanished).ToList();
        List<(WorkerState, string)> dead = [.. vanished.Select(static w => (w, $"its process {w.Pid} on {w.Host} is gone"))];
        var silent = workers.Except(vanished).ToList();
        if (silent.Count == 0 || await ReadAsync(silent, cancellationToken) is not { } counters)
            return dead;

        foreach (var worker in silent)
        {
            if (_leases.HasExpired(worker.Id, counters.TryGetValue(worker.Id, out var counter) ? counter : null))
                dead.Add((worker, $"it has been silent for {Words.Exactly(lease)}"));
        }

        return dead;
    }

    private async ValueTask<IReadOnlyDictionary<WorkerId, long>?> ReadAsync(List<WorkerState> workers, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        try
        {
            var counters = await heartbeats.ReadAllAsync([.. workers.Select(static w => w.Id)], cancellationToken);
            if (time.GetElapsedTime(began) < lease / 2)
                return counters;
        }
        catch (IOException)
        {
            // The next round reads them, or the store says what is wrong.
        }

        _leases.StartOver();
        return null;
    }

    /// <summary>Whether the worker's process can be seen from here and is gone.</summary>
    public static bool HasVanished(WorkerState worker) => Observe(worker) == ProcessPresence.Gone;

    /// <summary>What can be seen of the worker's process from here.</summary>
    public static ProcessPresence Observe(WorkerState worker) => worker.BootId?.Split('/') is [var boot, var pidNamespace]
        ? new ProcessIdentity(worker.Pid, worker.StartTime, boot, pidNamespace).Observe()
        : ProcessPresence.OutOfSight;

    /// <summary>What distinguishes process numbers: the boot, and the namespace in which they count.</summary>
    public static string BootIdOf(ProcessIdentity identity) => $"{identity.BootId}/{identity.PidNamespace}";
}
