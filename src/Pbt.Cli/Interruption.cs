using System.Collections.Frozen;
using System.CommandLine;
using System.Runtime.InteropServices;

namespace Pbt.Cli;

/// <summary>Turns Ctrl-C and SIGTERM into cancellation: the first asks to stop, the second to end at once.</summary>
internal sealed class Interruption : IDisposable
{
    private static readonly FrozenSet<string> Commands = FrozenSet.Create(StringComparer.Ordinal, "run", "worker", "replay", "compare", "sweep");

    // SIGUSR1 has no name in .NET, which takes the system's own number as well.
    private static readonly PosixSignal UserSignal = (PosixSignal)(OperatingSystem.IsMacOS() ? 30 : 10);

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _kill = new();
    private readonly List<PosixSignalRegistration> _registrations;
    private int _signals;

    /// <summary>Listens from now on.</summary>
    /// <param name="isToldAhead">
    /// Whether SIGUSR1 asks to stop as well. However often it comes, it never ends anything at once: by it a scheduler tells a job that its
    /// time will be up.
    /// </param>
    public Interruption(bool isToldAhead = false)
    {
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal),
        ];
        if (isToldAhead)
            _registrations.Add(PosixSignalRegistration.Create(UserSignal, OnToldAhead));
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Cancelled by the second.</summary>
    public CancellationToken Kill => _kill.Token;

    /// <summary>Whether a command catches signals by this class itself, so that nobody else may end it for one.</summary>
    /// <remarks>System.CommandLine would: it ends any command two seconds after a signal, however long trainers may still take.</remarks>
    public static bool IsCaughtBy(Command command) => Commands.Contains(command.Name);

    /// <summary>Acts as two signals would.</summary>
    public void KillNow()
    {
        _stop.Cancel();
        _kill.Cancel();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();

        _stop.Dispose();
        _kill.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _signals) > 1)
            _kill.Cancel();
        else
            _stop.Cancel();
    }

    private void OnToldAhead(PosixSignalContext context)
    {
        context.Cancel = true;
        _stop.Cancel();
    }
}
