using Pbt.Runtime.Leases;
using Pbt.Runtime.Workers;
using Pbt.Storage;
using Pbt.Storage.Checkpoints;
using Pbt.Storage.Hooks;
using Pbt.Storage.Metrics;

namespace Pbt.Runtime;

/// <summary>A study that exists, opened: its log and everything beside it.</summary>
/// <remarks>Thread-safe. Disposing it closes the log and the store of checkpoints.</remarks>
/// <param name="Directory">Where its files are.</param>
/// <param name="Store">Its log.</param>
/// <param name="Checkpoints">Its checkpoints.</param>
/// <param name="Metrics">Progress inside intervals.</param>
/// <param name="Heartbeats">Its workers' signs of life.</param>
public sealed record OpenStudy(
    StudyDirectory Directory, IStudyStore Store, ICheckpointStore Checkpoints, MetricsLog Metrics, IHeartbeats Heartbeats) : IAsyncDisposable
{
    /// <summary>A study whose files are all in its directory, except perhaps its log.</summary>
    /// <param name="directory">Where its files are.</param>
    /// <param name="store">Its log.</param>
    /// <param name="time">The clock.</param>
    /// <param name="heartbeats">Its workers' signs of life; null for files in the directory.</param>
    public static OpenStudy In(StudyDirectory directory, IStudyStore store, TimeProvider time, IHeartbeats? heartbeats = null) =>
        new(directory, store, new DirectoryCheckpointStore(directory), new MetricsLog(directory, time), heartbeats ?? new FileHeartbeats(directory));

    /// <summary>The files of its attempts besides their checkpoints: by default in its directory.</summary>
    public IAttemptFiles Files { get; init; } = new AttemptFiles(Directory);

    /// <summary>By which its hooks are run, each once; null (default) if none are: who made it up, as a simulation does, has no users to tell.</summary>
    public IHookLedger? Hooks { get; init; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Heartbeats is IAsyncDisposable heartbeats)
            await heartbeats.DisposeAsync();

        (Checkpoints as IDisposable)?.Dispose();

        await Store.DisposeAsync();
    }
}
