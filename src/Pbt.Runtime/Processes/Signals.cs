using System.Buffers.Text;
using System.Runtime.InteropServices;

namespace Pbt.Runtime.Processes;

/// <summary>Sends signals, each only to whom it is meant for.</summary>
internal static class Signals
{
    /// <summary>True when a process with this pid exists, also as a zombie or as another user's.</summary>
    internal static bool Exists(int pid) => pid > 0 && !IsMissing(LibC.Kill(pid, 0));

    /// <summary>True when the group has a member, also one that has ended and is not reaped.</summary>
    internal static bool GroupExists(int group) => group > 1 && !IsMissing(LibC.Kill(-group, 0));

    /// <summary>Signals every member of a group; nothing happens when it has none.</summary>
    internal static void SendToGroup(int group, int signal)
    {
        // kill(-1) means every process of the user, and kill(0) one's own group: neither may come from a wrong number.
        if (group > 1)
            _ = LibC.Kill(-group, signal);
    }

    /// <summary>Kills a process if it is still the one that started then; returns true when the signal was sent.</summary>
    /// <remarks>
    /// A pid handle is opened first and the start time compared after that, so that a pid which is used again in
    /// between cannot be hit. Kernels before 5.3 have no such handles; there the comparison alone has to do.
    /// </remarks>
    internal static bool KillExactly(int pid, long startTicks)
    {
        if (!OperatingSystem.IsLinux() || pid <= 1 || pid == Environment.ProcessId)
            return false;
        var handle = LibC.OpenPidHandle(pid);
        if (handle < 0 && Marshal.GetLastPInvokeError() != LibC.NotImplemented)
            return false;
        try
        {
            if (ProcessStat.Read(pid) is not { HasEnded: false } stat || stat.StartTicks != startTicks)
                return false;
            return (handle < 0 ? LibC.Kill(pid, LibC.SigKill) : LibC.SignalPidHandle(handle, LibC.SigKill)) == 0;
        }
        finally
        {
            if (handle >= 0)
                _ = LibC.Close(handle);
        }
    }

    /// <summary>Stops ignoring the end of children, if this program was started that way.</summary>
    /// <remarks>
    /// An ignored SIGCHLD is inherited from whoever started the worker, and makes the kernel throw exit statuses away.
    /// A handler that .NET has installed is left alone.
    /// </remarks>
    internal static void KeepExitStatuses()
    {
        if (OperatingSystem.IsLinux()
            && ProcFiles.TryRead(Environment.ProcessId, "status", static status => Ignores(status, LibC.SigChildOnLinux), out var ignored)
            && ignored)
        {
            _ = LibC.SetHandler(LibC.SigChildOnLinux, 0);
        }
    }

    private static bool Ignores(ReadOnlySpan<byte> status, int signal)
    {
        var at = status.IndexOf("SigIgn:\t"u8);
        return at >= 0
            && Utf8Parser.TryParse(status[(at + 8)..], out ulong ignored, out _, 'x')
            && (ignored & (1UL << (signal - 1))) != 0;
    }

    private static bool IsMissing(int result) => result != 0 && Marshal.GetLastPInvokeError() == LibC.NoSuchProcess;
}
