using Pbt.Core.Population;

namespace Pbt.Runtime.Workers;

/// <summary>What a worker needs to know of the machine that it runs on.</summary>
/// <remarks>Thread-safe.</remarks>
public interface IWorkerMachine
{
    /// <summary>Names a worker of this process, anew at each call.</summary>
    /// <param name="slots">The slots that it offers.</param>
    WorkerState Identify(int slots);

    /// <summary>Whether the worker's process can be seen from here and is gone.</summary>
    bool HasVanished(WorkerState worker);

    /// <summary>Ends what a dead worker's trainers have left running on this machine.</summary>
    Task EndLeftoversAsync(WorkerId worker, CancellationToken cancellationToken);
}
