using Pbt.Core.Population;
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
    public IReadOnlyList<(WorkerState Worker, string Reason)> FindDead(IReadOnlyCollection<WorkerState> workers)
    {
        _leases.KeepOnly(workers.Select(static w => w.Id));
        var dead = new List<(WorkerState, string)>();
        foreach (var worker in workers)
        {
            if (_hasVanished(worker))
                dead.Add((worker, $"its process {worker.Pid} on {worker.Host} is gone"));
            else if (_leases.HasExpired(worker.Id, heartbeats.Read(worker.Id)))
                dead.Add((worker, $"it has been silent for {lease}"));
        }

        return dead;
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
