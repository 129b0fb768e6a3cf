using System.Globalization;
using System.Runtime.InteropServices;

namespace Pbt.Runtime.Processes;

/// <summary>How a process ended.</summary>
/// <remarks>Exactly one of <see cref="Code"/> and <see cref="Signal"/> is set, or neither when the end is unknown.</remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ExitStatus
{
    private ExitStatus(int? code, int? signal)
    {
        Code = code;
        Signal = signal;
    }

    /// <summary>The end is not known.</summary>
    /// <remarks>
    /// Either something else in this program reaped the process (it runs with SIGCHLD ignored), or the process hangs
    /// in the kernel and even SIGKILL has not ended it yet.
    /// </remarks>
    public static ExitStatus Unknown => default;

    /// <summary>The exit code, 0 to 255; null when the process did not exit by itself.</summary>
    public int? Code { get; }

    /// <summary>The number of the signal that killed the process; null when it exited by itself.</summary>
    public int? Signal { get; }

    /// <summary>True for exit code 0.</summary>
    public bool Succeeded => Code == 0;

    /// <summary>Whether a signal ended it that others send: SIGHUP, SIGINT, SIGKILL or SIGTERM.</summary>
    /// <remarks>Also when a shell reports, as 128 and the signal's number, that the program it ran was ended so.</remarks>
    public bool WasKilled => (Signal ?? Code - 128) is 1 or 2 or 9 or 15;

    /// <summary>The process returned a code.</summary>
    public static ExitStatus Exited(int code) => new(code, signal: null);

    /// <summary>The process was killed by a signal.</summary>
    public static ExitStatus Signaled(int signal) => new(code: null, signal);

    /// <inheritdoc/>
    public override string ToString() => (Code, Signal) switch
    {
        ({ } code, _) => string.Create(CultureInfo.InvariantCulture, $"exit code {code}"),
        (_, { } signal) when NameOf(signal) is { } name =>
            string.Create(CultureInfo.InvariantCulture, $"killed by signal {signal} ({name})"),
        (_, { } signal) => string.Create(CultureInfo.InvariantCulture, $"killed by signal {signal}"),
        _ => "ended in a way that is not known",
    };

    /// <summary>Reads the status word of <c>waitpid</c>.</summary>
    internal static ExitStatus FromWaitStatus(int status)
    {
        var signal = status & 0x7f;
        return signal == 0 ? Exited((status >> 8) & 0xff) : Signaled(signal);
    }

    // Linux numbers of x86-64 and arm64; 7, 10, 12, 30 and 31 differ on macOS, and are left unnamed there.
    private static string? NameOf(int signal) => signal switch
    {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        5 => "SIGTRAP",
        6 => "SIGABRT",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        14 => "SIGALRM",
        15 => "SIGTERM",
        24 => "SIGXCPU",
        25 => "SIGXFSZ",
        7 when OperatingSystem.IsLinux() => "SIGBUS",
        10 when OperatingSystem.IsLinux() => "SIGUSR1",
        12 when OperatingSystem.IsLinux() => "SIGUSR2",
        31 when OperatingSystem.IsLinux() => "SIGSYS",
        _ => null,
    };
}
