using System.Runtime.InteropServices;

namespace Pbt.Harness;

/// <summary>Signals by their numbers on Linux.</summary>
public enum Signal
{
    None = 0,
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}

/// <summary>Sends signals.</summary>
public static partial class Signals
{
    /// <summary>Sends one; false if there is no such process.</summary>
    public static bool Send(int pid, Signal signal) => Kill(pid, (int)signal) == 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
