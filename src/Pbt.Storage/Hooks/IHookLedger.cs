using Pbt.Core.Studies;

namespace Pbt.Storage.Hooks;

/// <summary>Says up to which event a study's hooks have been run, and lets one process at a time run them.</summary>
/// <remarks>
/// Thread-safe. Every implementation passes the same tests. A turn ends with its holder: at once where the system tells, else
/// when it has been silent for half a minute; it may then still be running a hook that the next holder runs again.
/// </remarks>
public interface IHookLedger
{
    /// <summary>How long who has not got the turn waits before it asks again.</summary>
    TimeSpan Pause { get; }

    /// <summary>Takes the turn to run hooks; null if another has it.</summary>
    /// <exception cref="PbtException">It cannot be taken just now, or something else is where the ledger is.</exception>
    /// <exception cref="IOException">The same.</exception>
    ValueTask<IHookTurn?> TryTakeAsync(CancellationToken cancellationToken = default);
}

/// <summary>The turn to run a study's hooks; disposing of it passes it on.</summary>
/// <remarks>Used by one caller at a time.</remarks>
public interface IHookTurn : IAsyncDisposable
{
    /// <summary>The number of the last event whose hooks have all been run; 0 if there is none.</summary>
    long Done { get; }

    /// <summary>Notes, durably, that the hooks of all events up to this one have been run; a lower number than before means that the log was cut.</summary>
    /// <exception cref="PbtException">It could not be noted, or the turn was lost to another.</exception>
    /// <exception cref="IOException">It could not be noted.</exception>
    ValueTask NoteAsync(long version, CancellationToken cancellationToken = default);
}
