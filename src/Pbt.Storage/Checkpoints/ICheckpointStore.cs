using Pbt.Core.Population;

namespace Pbt.Storage.Checkpoints;

/// <summary>Holds the checkpoints of one study: immutable directories, each seen whole or not at all.</summary>
/// <remarks>
/// Thread-safe; any number may be open on one study, in any number of processes. Throws <see cref="Pbt.Core.Studies.DamagedStoreException"/>
/// where a link stands in the place of a directory of the study.
/// </remarks>
public interface ICheckpointStore
{
    /// <summary>Makes the empty directory that an attempt writes its checkpoint to; whatever lay there is removed.</summary>
    /// <exception cref="IOException">It could not be made.</exception>
    string Stage(CheckpointId id);

    /// <summary>Takes over what an attempt has written: durable and visible when the task completes.</summary>
    /// <exception cref="IOException">It could not be read or written just now; the staged files are still there.</exception>
    ValueTask<PublishResult> PublishAsync(CheckpointId id, CancellationToken cancellationToken = default);

    /// <summary>Removes what an attempt has staged and not published, and what an interrupted deletion has left, if anything.</summary>
    void Discard(CheckpointId id);

    /// <summary>The local directory of a published checkpoint, or null if there is none.</summary>
    ValueTask<string?> FetchAsync(CheckpointId id, CancellationToken cancellationToken = default);

    /// <summary>Where a published checkpoint is, in words that a user can use: a path or an address.</summary>
    string Locate(CheckpointId id);

    /// <summary>Deletes a published checkpoint, if it is there.</summary>
    void Delete(CheckpointId id);

    /// <summary>All that is there: published, and staged.</summary>
    IEnumerable<StoredCheckpoint> List();
}

/// <summary>A checkpoint found in a store.</summary>
/// <param name="Id">Whose.</param>
/// <param name="IsPublished">False if it is only staged.</param>
public sealed record StoredCheckpoint(CheckpointId Id, bool IsPublished);

/// <summary>What came of publishing a checkpoint.</summary>
public abstract record PublishResult
{
    private PublishResult()
    {
    }

    /// <summary>It is published.</summary>
    public sealed record Published(CheckpointManifest Manifest) : PublishResult;

    /// <summary>The attempt left nothing, or what cannot be a checkpoint.</summary>
    public sealed record Refused(string Reason) : PublishResult;
}
