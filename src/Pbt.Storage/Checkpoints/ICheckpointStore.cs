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
    /// <remarks>To be called again after an error: what the call before had done all the same is published then.</remarks>
    /// <param name="id">Whose.</param>
    /// <param name="isDurable">Whether it outlives a power failure once this returns; otherwise, in a store that can tell, it may be damaged or missing after one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">It could not be read or written just now; nothing of it is lost.</exception>
    ValueTask<PublishResult> PublishAsync(CheckpointId id, bool isDurable = true, CancellationToken cancellationToken = default);

    /// <summary>Removes what an attempt has staged and not published, and what an interrupted publication or deletion has left, if anything.</summary>
    /// <exception cref="IOException">It could not be removed just now.</exception>
    ValueTask DiscardAsync(CheckpointId id, CancellationToken cancellationToken = default);

    /// <summary>Finds a published checkpoint, checks it against its manifest, and gives its local directory.</summary>
    /// <remarks>It stays there until <see cref="Release"/>, or until it is deleted.</remarks>
    /// <param name="id">Which one.</param>
    /// <param name="check">How closely it is looked at.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <exception cref="UnreadableCheckpointException">The storage reports an error in reading it: perhaps for good, perhaps not.</exception>
    /// <exception cref="IOException">It could not be read just now.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    ValueTask<FetchResult> FetchAsync(CheckpointId id, CheckpointCheck check = CheckpointCheck.Digests, CancellationToken cancellationToken = default);

    /// <summary>Says that nobody reads any more what one call of <see cref="FetchAsync"/> gave, so that a cache may drop it.</summary>
    void Release(CheckpointId id);

    /// <summary>Checks a published checkpoint where it is, and brings it nowhere; else as <see cref="FetchAsync"/>.</summary>
    ValueTask<FetchResult> VerifyAsync(CheckpointId id, CheckpointCheck check = CheckpointCheck.Digests, CancellationToken cancellationToken = default);

    /// <summary>Where a published checkpoint is, in words that a user can use: a path or an address.</summary>
    string Locate(CheckpointId id);

    /// <summary>The local directory of a published checkpoint, whether anything is there just now or not.</summary>
    string LocalPathOf(CheckpointId id);

    /// <summary>Deletes a published checkpoint, if it is there.</summary>
    /// <exception cref="IOException">It could not be deleted just now.</exception>
    ValueTask DeleteAsync(CheckpointId id, CancellationToken cancellationToken = default);

    /// <summary>All that is there: published, and staged.</summary>
    /// <exception cref="IOException">It could not be listed just now.</exception>
    IAsyncEnumerable<StoredCheckpoint> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>The bytes of the files of a checkpoint that was listed; 0 for what is gone.</summary>
    /// <exception cref="IOException">They could not be looked at just now.</exception>
    ValueTask<long> SizeAsync(StoredCheckpoint found, CancellationToken cancellationToken = default);
}

/// <summary>A checkpoint found in a store.</summary>
/// <param name="Id">Whose.</param>
/// <param name="IsPublished">False if it is only staged.</param>
public sealed record StoredCheckpoint(CheckpointId Id, bool IsPublished);

/// <summary>How closely a checkpoint is looked at before it is used.</summary>
public enum CheckpointCheck
{
    /// <summary>Every file of the manifest is there and as long as it was: nothing but the manifest is read.</summary>
    Sizes,

    /// <summary>And has the content that it had: every file is read.</summary>
    Digests,
}

/// <summary>What was found in the place of a checkpoint.</summary>
public abstract record FetchResult
{
    private FetchResult()
    {
    }

    /// <summary>It is there, as it was published.</summary>
    /// <param name="Path">Its local directory; never to be written to.</param>
    public sealed record Fetched(string Path) : FetchResult;

    /// <summary>There is none.</summary>
    public sealed record Missing : FetchResult;

    /// <summary>It is not what was published.</summary>
    /// <param name="Reason">Which of its files differs, and how: a clause.</param>
    public sealed record Damaged(string Reason) : FetchResult;
}

/// <summary>The storage reports an error when a checkpoint is read.</summary>
/// <remarks>A bad sector stays one; a server that is away comes back: the caller tries again for a while before it believes the first.</remarks>
public sealed class UnreadableCheckpointException(string message, Exception inner) : IOException(message, inner);

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
