using System.Globalization;
using Pbt.Core.Population;
using Pbt.Runtime.Leases;
using Pbt.Runtime.Processes;

namespace Pbt.Runtime.Workers;

/// <summary>The machine that this process runs on.</summary>
public sealed class LocalMachine(TimeProvider time) : IWorkerMachine
{
    private static int _names;

    /// <inheritdoc/>
    public WorkerState Identify(int slots)
    {
        var process = ProcessIdentity.Current;
        var number = Interlocked.Increment(ref _names);
        var host = Environment.MachineName;
        var name = string.Concat(host.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' ? c : '-'));
        var id = string.Create(CultureInfo.InvariantCulture, $"{name.TrimStart('.')}-{process.Pid}-{process.StartTicks}-{number}");
        return new WorkerState(new WorkerId(id), host, process.Pid, WorkerWatch.BootIdOf(process), process.StartTicks, slots);
    }

    /// <inheritdoc/>
    public bool HasVanished(WorkerState worker) => WorkerWatch.HasVanished(worker);

    /// <inheritdoc/>
    public Task EndLeftoversAsync(WorkerId worker, CancellationToken cancellationToken) =>
        ProcessSweep.KillAsync(new EnvironmentEntry(TrainerGuard.WorkerVariable, worker.Value), time, cancellationToken);
}
