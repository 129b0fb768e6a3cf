namespace Pbt.Testing.Simulation;

/// <summary>What has become of a process.</summary>
public enum VirtualFate
{
    /// <summary>It runs.</summary>
    Running,

    /// <summary>It takes no turns until it is thawed; what falls due meanwhile is late.</summary>
    Frozen,

    /// <summary>It never takes a turn again.</summary>
    Dead,
}

/// <summary>One process of a world: a synchronisation context and a clock of its own.</summary>
/// <remarks>
/// Whatever it awaits goes on in a turn of its own, so that it can die, or stand still, at any await. Used by the world's thread.
/// </remarks>
public sealed class VirtualProcess : SynchronizationContext
{
    private readonly VirtualWorld _world;
    private readonly List<VirtualTurn> _late = [];

    internal VirtualProcess(VirtualWorld world, int number)
    {
        _world = world;
        Number = number;
        Time = new VirtualClock(world, this);
    }

    /// <summary>Which process, from 0.</summary>
    public int Number { get; }

    /// <summary>What has become of it.</summary>
    public VirtualFate Fate { get; private set; }

    /// <summary>Its clock. Timers fall due only while it runs.</summary>
    public TimeProvider Time { get; }

    /// <summary>Has the process do this at one of its next turns.</summary>
    public void Do(Action action) => Post(static state => ((Action)state!)(), action);

    /// <summary>It never takes a turn again.</summary>
    public void Die()
    {
        Fate = VirtualFate.Dead;
        _late.Clear();
    }

    /// <summary>It takes no turn until it is thawed.</summary>
    public void Freeze()
    {
        if (Fate == VirtualFate.Running)
            Fate = VirtualFate.Frozen;
    }

    /// <summary>It goes on, if it was frozen.</summary>
    public void Thaw()
    {
        if (Fate != VirtualFate.Frozen)
            return;

        Fate = VirtualFate.Running;
        foreach (var turn in _late)
            _world.Ready(turn);

        _late.Clear();
    }

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state)
    {
        // What a dead process leaves may be finalized, on the finalizer's thread.
        if (Fate != VirtualFate.Dead)
            _world.Ready(new VirtualTurn(this, d, state));
    }

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("A turn cannot wait for another.");

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;

    internal void Take(VirtualTurn turn)
    {
        if (Fate == VirtualFate.Running)
            _world.BeforeTurn?.Invoke(this);

        if (Fate == VirtualFate.Frozen)
            _late.Add(turn);

        if (Fate != VirtualFate.Running)
            return;

        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            turn.Callback(turn.State);
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }
}
