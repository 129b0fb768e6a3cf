using System.Diagnostics;

namespace Pbt.Testing.Simulation;

/// <summary>Processes on one thread and one clock, whose order is drawn from a seed.</summary>
/// <remarks>
/// Time moves only when nothing is ready to run. Whatever is ready runs in an order drawn from the seed, so that another
/// seed is another interleaving and the same seed the same. Used by the thread that made it; a process that leaves it
/// (for the thread pool, or a system timer) is found out: see <see cref="Escape"/>.
/// </remarks>
public sealed class VirtualWorld(int seed)
{
    private readonly PriorityQueue<(VirtualTimer Timer, int Setting), (long Due, long Order)> _timers = new();
    private readonly List<VirtualTurn> _ready = [];
    private readonly Random _order = new(seed);
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _settings;
    private int _processes;

    /// <summary>Asked before each turn of a process; it may end or freeze the process instead.</summary>
    public Action<VirtualProcess>? BeforeTurn { get; set; }

    /// <summary>The time since the world began.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>Turns taken so far.</summary>
    public long Turns { get; private set; }

    /// <summary>Where something left the world's thread, or null.</summary>
    public string? Escape { get; private set; }

    /// <summary>Makes a process that does nothing yet.</summary>
    public VirtualProcess NewProcess() => new(this, _processes++);

    /// <summary>Lets one turn be taken, moving time if need be; false if nothing will ever happen again.</summary>
    public bool Step()
    {
        while (_ready.Count == 0)
        {
            if (!_timers.TryDequeue(out var due, out var at))
                return false;

            Now = TimeSpan.FromTicks(Math.Max(Now.Ticks, at.Due));
            due.Timer.Fire(due.Setting);
        }

        var index = _ready.Count == 1 ? 0 : _order.Next(_ready.Count);
        var turn = _ready[index];
        _ready[index] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        Turns++;
        turn.Process.Take(turn);
        return true;
    }

    internal void Ready(VirtualTurn turn)
    {
        if (IsHere())
            _ready.Add(turn);
    }

    internal void Set(VirtualTimer timer, int setting, TimeSpan after)
    {
        if (IsHere())
            _timers.Enqueue((timer, setting), ((Now + after).Ticks, _settings++));
    }

    private bool IsHere()
    {
        if (Environment.CurrentManagedThreadId == _thread)
            return true;

        Escape ??= new StackTrace(fNeedFileInfo: false).ToString();
        return false;
    }
}

/// <summary>Something that a process does without interruption: up to its next await.</summary>
internal readonly record struct VirtualTurn(VirtualProcess Process, SendOrPostCallback Callback, object? State);
