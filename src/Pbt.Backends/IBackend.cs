using Pbt.Core.Studies;
using Pbt.Storage;

namespace Pbt.Backends;

/// <summary>Starts workers for a study.</summary>
/// <remarks>It places workers and watches them; it takes no part in what they do. Thread-safe.</remarks>
public interface IBackend
{
    /// <summary>Starts workers and returns them.</summary>
    /// <exception cref="InvalidRequestException">They cannot be started as asked for.</exception>
    ValueTask<IWorkerGroup> StartAsync(WorkerRequest request, CancellationToken cancellationToken);
}

/// <summary>Which workers are wanted.</summary>
/// <param name="Study">The study's directory.</param>
/// <param name="Slots">Slots in all; null for what the spec or the machine says.</param>
public sealed record WorkerRequest(StudyDirectory Study, int? Slots);

/// <summary>Workers that a backend has started.</summary>
/// <remarks>Thread-safe. Disposing it ends them.</remarks>
public interface IWorkerGroup : IAsyncDisposable
{
    /// <summary>Completes when all of them have ended, with how.</summary>
    Task<WorkerGroupEnd> Completion { get; }

    /// <summary>Asks them to stop: they claim nothing more, and end their trainers after the grace.</summary>
    void Stop();

    /// <summary>Ends them and their trainers at once.</summary>
    void Kill();
}

/// <summary>How a group of workers ended.</summary>
/// <param name="ExitCode">The exit code of the last, or null if a signal ended it.</param>
/// <param name="Description">In words.</param>
/// <param name="LogPath">The log to look at.</param>
public sealed record WorkerGroupEnd(int? ExitCode, string Description, string LogPath);
