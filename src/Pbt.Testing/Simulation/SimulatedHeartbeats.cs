using Pbt.Core.Population;
using Pbt.Runtime.Leases;

namespace Pbt.Testing.Simulation;

/// <summary>One process's view of the heartbeats in memory: now and then they cannot be written or read for a while.</summary>
internal sealed class SimulatedHeartbeats(Dictionary<WorkerId, long> counters, VirtualProcess process, FaultWeather weather, TimeSpan lease) : IHeartbeats
{
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(5);
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
    public async ValueTask<IReadOnlyDictionary<WorkerId, long>> ReadAllAsync(IReadOnlyCollection<WorkerId> of, CancellationToken cancellationToken)
    {
        await Task.Delay(weather.About(Usual), process.Time, cancellationToken);
        if (IsDown(ref _unreadableUntil))
            throw new IOException("simulated: the heartbeats cannot be read");

        var found = new Dictionary<WorkerId, long>(of.Count);
        foreach (var worker in of)
        {
            if (counters.TryGetValue(worker, out var counter))
                found.Add(worker, counter);
        }

        return found;
    }

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
