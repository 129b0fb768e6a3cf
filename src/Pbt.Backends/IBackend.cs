using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Storage;

namespace Pbt.Backends;

/// <summary>Starts workers for a study, and others in place of those that end before it.</summary>
/// <remarks>It places workers and watches them; it takes no part in what they do.</remarks>
public interface IBackend
{
    /// <summary>Keeps workers on the study until it has ended.</summary>
    /// <param name="request">Which workers.</param>
    /// <param name="stop">Leaves the study: see <see cref="BackendEnd"/>.</param>
    /// <param name="kill">Leaves it at once.</param>
    /// <exception cref="InvalidRequestException">Workers cannot be started as asked for, or end again and again without completing anything.</exception>
    Task<BackendEnd> RunAsync(WorkerRequest request, CancellationToken stop, CancellationToken kill);

    /// <summary>Takes away what has been submitted for the study: jobs that run, and those that wait.</summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="InvalidRequestException">They cannot be taken away just now.</exception>
    Task<int> CancelAsync(WorkerRequest request, CancellationToken cancellationToken);
}

/// <summary>Why a backend left a study.</summary>
public enum BackendEnd
{
    /// <summary>The study has ended.</summary>
    StudyEnded,

    /// <summary>It was asked to stop, and its workers have ended.</summary>
    Stopped,

    /// <summary>It was asked to stop; its workers go on.</summary>
    Detached,
}

/// <summary>Which workers are wanted, and what their backend needs of the study.</summary>
/// <param name="Study">The study's directory.</param>
/// <param name="Slots">Attempts at a time in all; null for what the spec or the machine says.</param>
/// <param name="LoadAsync">Reads the study, however long its store is away.</param>
/// <param name="Say">Tells the user something in one line.</param>
public sealed record WorkerRequest(StudyDirectory Study, int? Slots, Func<CancellationToken, Task<StudyState>> LoadAsync, Action<string> Say);
