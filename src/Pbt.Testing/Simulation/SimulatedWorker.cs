using Pbt.Runtime.Workers;

namespace Pbt.Testing.Simulation;

/// <summary>A process that runs the real worker loop, and the ways to stop it.</summary>
internal sealed class SimulatedWorker(VirtualProcess process, CancellationTokenSource stop, CancellationTokenSource kill)
{
    /// <summary>The process.</summary>
    public VirtualProcess Process => process;

    /// <summary>Whether the loop has ended by itself.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Whether it goes on working, now or when it is thawed.</summary>
    public bool IsThere => !HasEnded && process.Fate != VirtualFate.Dead;

    /// <summary>Begins.</summary>
    public void Start(Worker worker, StudyAuditor auditor) => process.Do(() => _ = RunAsync(worker, auditor));

    /// <summary>Asks it to stop at one of its next turns.</summary>
    public void Stop() => process.Do(stop.Cancel);

    /// <summary>Asks it to stop at once.</summary>
    public void Kill() => process.Do(() =>
    {
        stop.Cancel();
        kill.Cancel();
    });

    private async Task RunAsync(Worker worker, StudyAuditor auditor)
    {
        try
        {
            await worker.RunAsync(stop.Token, kill.Token);
        }
#pragma warning disable CA1031 // Whatever ends a worker is to be looked into.
        catch (Exception error)
#pragma warning restore CA1031
        {
            auditor.Violate($"the worker p{process.Number} ended with {error}");
        }

        HasEnded = true;
        process.Die(); // Its process ends with it.
    }
}
