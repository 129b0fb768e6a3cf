namespace Pbt.Runtime.Processes;

/// <summary>What a sweep looks for: a mark, and optionally the session and processes known to belong to it.</summary>
/// <remarks>The mark alone misses a program that overwrote its environment; the session and the known processes do not.</remarks>
/// <param name="Mark">The mark in the environment.</param>
internal sealed record SweepTarget(EnvironmentEntry Mark)
{
    /// <summary>The leader of the session and group, with its start time; null for none.</summary>
    internal (int Pid, long StartTicks)? Leader { get; init; }

    /// <summary>Processes seen earlier as descendants, with their start times.</summary>
    internal IReadOnlySet<(int Pid, long StartTicks)> Known { get; init; } = new HashSet<(int, long)>();

    /// <summary>True when the process belongs to the target by its session, its group or its identity.</summary>
    internal bool Names(ProcessStat stat, Dictionary<int, ProcessStat> all)
    {
        if (Known.Contains((stat.Pid, stat.StartTicks)))
            return true;
        if (Leader is not { } leader || (stat.Session != leader.Pid && stat.Group != leader.Pid))
            return false;

        // A number stays taken while its session has members, so a leader that started at another time means that
        // the session is over and the number belongs to somebody else.
        return !all.TryGetValue(leader.Pid, out var now) || now.StartTicks == leader.StartTicks;
    }
}
