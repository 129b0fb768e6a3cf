namespace Pbt.Core.Population;

/// <summary>A worker that has joined and neither left nor been lost.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Host">The host's name.</param>
/// <param name="Pid">Its process id on that host.</param>
/// <param name="BootId">Which boot of the host and which namespace of process ids, or null where unknown.</param>
/// <param name="StartTime">When the process started, in the host's clock ticks since its boot.</param>
/// <param name="Slots">Attempts it runs at a time.</param>
public sealed record WorkerState(WorkerId Id, string Host, int Pid, string? BootId, long StartTime, int Slots);
