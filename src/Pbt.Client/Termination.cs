using System.Runtime.InteropServices;

namespace Pbt.Client;

/// <summary>Turns the first SIGTERM into a cancellation; a second ends the program as always.</summary>
internal sealed class Termination : IDisposable
{
    /// <summary>The exit code of a program that SIGTERM has ended.</summary>
    public const int ExitCode = 128 + 15;

    private readonly PosixSignalRegistration _registration;
    private readonly Action _terminate;
    private int _signals;

    /// <summary>Listens from now on.</summary>
    /// <param name="terminate">Called at the first.</param>
    public Termination(Action terminate)
    {
        _terminate = terminate;
        _registration = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
    }

    /// <inheritdoc/>
    public void Dispose() => _registration.Dispose();

    private void OnSignal(PosixSignalContext context)
    {
        if (Interlocked.Increment(ref _signals) > 1)
            return;

        context.Cancel = true;
        _terminate();
    }
}
