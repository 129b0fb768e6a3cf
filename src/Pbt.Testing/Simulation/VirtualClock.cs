namespace Pbt.Testing.Simulation;

/// <summary>The clock of one process of a world.</summary>
internal sealed class VirtualClock(VirtualWorld world, VirtualProcess process) : TimeProvider
{
    private static readonly DateTimeOffset Beginning = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override long GetTimestamp() => world.Now.Ticks;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Beginning + world.Now;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(world, process, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}

/// <summary>A timer of one process.</summary>
internal sealed class VirtualTimer(VirtualWorld world, VirtualProcess process, TimerCallback callback, object? state) : ITimer
{
    private int _setting;
    private int _fired;
    private TimeSpan _period;

    /// <inheritdoc/>
    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        _setting++;
        _period = period;
        if (dueTime != Timeout.InfiniteTimeSpan)
            world.Set(this, _setting, dueTime);

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _setting++;

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    internal void Fire(int setting)
    {
        if (setting != _setting || process.Fate == VirtualFate.Dead)
            return;

        _fired = setting;
        world.Ready(new VirtualTurn(process, static fired => ((VirtualTimer)fired!).Call(), this));
    }

    private void Call()
    {
        var setting = _setting;
        if (setting != _fired)
            return;

        callback(state);
        if (setting == _setting && _period > TimeSpan.Zero)
            world.Set(this, setting, _period);
    }
}
