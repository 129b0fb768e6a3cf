using Pbt.Core.Population;
using Pbt.Runtime.Leases;

namespace Pbt.Testing.Simulation;

/// <summary>One process's view of the heartbeats in memory: now and then they cannot be written or read for a while.</summary>
internal sealed class SimulatedHeartbeats(Dictionary<WorkerId, long> counters, VirtualProcess process, FaultWeather weather, TimeSpan lease) : IHeartbeats
{
    private long _unwritableUntil;
    private long _unreadableUntil;

    /// <inheritdoc/>
    public void Beat(WorkerId worker, long counter)
    {
        if (IsDown(ref _unwritableUntil))
            throw new IOException("simulated: the heartbeat cannot be written");

        counters[worker] = counter;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<WorkerId, long>> ReadAllAsync(IReadOnlyCollection<WorkerId> of, CancellationToken cancellationToken) =>
        IsDown(ref _unreadableUntil)
            ? ValueTask.FromException<IReadOnlyDictionary<WorkerId, long>>(new IOException("simulated: the heartbeats cannot be read"))
            : ValueTask.FromResult<IReadOnlyDictionary<WorkerId, long>>(of.Where(counters.ContainsKey).ToDictionary(static id => id, id => counters[id]));

    /// <inheritdoc/>
    public void Remove(WorkerId worker)
    {
        if (!IsDown(ref _unwritableUntil))
            counters.Remove(worker);
    }

    private bool IsDown(ref long until)
    {
        var now = process.Time.GetTimestamp();
        if (weather.Strikes(Faults.Heartbeat, 0.01))
            until = now + weather.About(lease).Ticks;

        return !weather.IsCalm && now < until;
    }
}
