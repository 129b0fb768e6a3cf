using System.Globalization;
using Pbt.Core.Population;
using Pbt.Runtime.Workers;

namespace Pbt.Testing.Simulation;

/// <summary>The host of one process: every third process's is seen by nobody else.</summary>
internal sealed class SimulatedMachine(VirtualProcess process, IReadOnlyDictionary<int, VirtualProcess> processes) : IWorkerMachine
{
    private const int Hosts = 3;
    private int _names;

    /// <inheritdoc/>
    public WorkerState Identify(int slots)
    {
        var host = string.Create(CultureInfo.InvariantCulture, $"host{process.Number % Hosts}");
        var name = string.Create(CultureInfo.InvariantCulture, $"p{process.Number}-{++_names}");
        return new WorkerState(new WorkerId(name), host, process.Number, process.Number % Hosts == 0 ? null : host, StartTime: 0, slots);
    }

    /// <inheritdoc/>
    public bool HasVanished(WorkerState worker) =>
        string.Equals(worker.BootId, Identity(), StringComparison.Ordinal) && (!processes.TryGetValue(worker.Pid, out var other) || other.Fate == VirtualFate.Dead);

    /// <inheritdoc/>
    public Task EndLeftoversAsync(WorkerId worker, CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromMilliseconds(5), process.Time, cancellationToken);

    private string Identity() => string.Create(CultureInfo.InvariantCulture, $"host{process.Number % Hosts}");
}
