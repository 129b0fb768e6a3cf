namespace Pbt.Runtime.Processes;

/// <summary>Whether a process that is known by its identity still runs.</summary>
public enum ProcessPresence
{
    /// <summary>It runs.</summary>
    Running,

    /// <summary>It has ended, for certain.</summary>
    Gone,

    /// <summary>It belongs to another machine, boot or container, or is hidden from this user: nothing can be said.</summary>
    OutOfSight,
}

/// <summary>Names one process for good, also after its pid is used again or the machine has restarted.</summary>
/// <remarks>
/// Immutable and comparable; meant to be written down by one process and observed by another. Containers of one machine
/// share the boot id and number their processes apart, therefore the namespace is part of the name.
/// </remarks>
/// <param name="Pid">The process, as numbered in its namespace.</param>
/// <param name="StartTicks">When it started, in clock ticks since the boot.</param>
/// <param name="BootId">The boot of the machine that it runs on; empty where there is no <c>/proc</c>.</param>
/// <param name="PidNamespace">The pid namespace that it runs in.</param>
public readonly record struct ProcessIdentity(int Pid, long StartTicks, string BootId, string PidNamespace)
{
    private static readonly string ThisBoot = ReadBootId();
    private static readonly string ThisNamespace = ReadNamespace();

    /// <summary>This process.</summary>
    public static ProcessIdentity Current { get; } =
        new(Environment.ProcessId, ProcessStat.Read(Environment.ProcessId)?.StartTicks ?? 0, ThisBoot, ThisNamespace);

    /// <summary>Returns the identity of a running process of this machine, or null when there is none.</summary>
    public static ProcessIdentity? Of(int pid) =>
        ProcessStat.Read(pid) is { HasEnded: false } stat ? new(pid, stat.StartTicks, ThisBoot, ThisNamespace) : null;

    /// <summary>True when the process is known to run.</summary>
    /// <remarks>
    /// False is no proof of its death: it may be out of sight. To call it dead, ask <see cref="Observe"/> for
    /// <see cref="ProcessPresence.Gone"/>.
    /// </remarks>
    public bool IsAlive() => Observe() == ProcessPresence.Running;

    /// <summary>Looks whether the process still runs. One that has ended but is not reaped yet is gone.</summary>
    public ProcessPresence Observe()
    {
        if (string.IsNullOrEmpty(BootId)
            || !string.Equals(BootId, ThisBoot, StringComparison.Ordinal)
            || !string.Equals(PidNamespace, ThisNamespace, StringComparison.Ordinal))
        {
            return ProcessPresence.OutOfSight;
        }

        if (ProcessStat.Read(Pid) is { } stat)
            return stat.StartTicks == StartTicks && !stat.HasEnded ? ProcessPresence.Running : ProcessPresence.Gone;

        // /proc may be mounted so that it hides the processes of other users; a signal tells "hidden" from "gone".
        return Signals.Exists(Pid) ? ProcessPresence.OutOfSight : ProcessPresence.Gone;
    }

    private static string ReadBootId()
    {
        try
        {
            return File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string ReadNamespace()
    {
        try
        {
            return new FileInfo("/proc/self/ns/pid").LinkTarget ?? "";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
