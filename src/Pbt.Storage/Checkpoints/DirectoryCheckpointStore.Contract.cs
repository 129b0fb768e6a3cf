using Pbt.Core.Population;
using Pbt.Storage.FileSystem;

namespace Pbt.Storage.Checkpoints;

/// <content>The contract's calls, none of which waits for anything here.</content>
public sealed partial class DirectoryCheckpointStore
{
    private static readonly EnumerationOptions EveryFile = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
        IgnoreInaccessible = true,
    };

    /// <inheritdoc/>
    public ValueTask DiscardAsync(CheckpointId id, CancellationToken cancellationToken = default)
    {
        Discard(id);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void Release(CheckpointId id)
    {
        // Nothing is ever dropped here but by deleting it.
    }

    /// <inheritdoc/>
    public string LocalPathOf(CheckpointId id) => PathOf(id, string.Empty);

    /// <inheritdoc/>
    public ValueTask DeleteAsync(CheckpointId id, CancellationToken cancellationToken = default)
    {
        Delete(id);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredCheckpoint> ListAsync(CancellationToken cancellationToken = default) => List().ToAsyncEnumerable();

    /// <inheritdoc/>
    public ValueTask<long> SizeAsync(StoredCheckpoint found, CancellationToken cancellationToken = default) => ValueTask.FromResult(SizeOf(found));

    /// <summary>The bytes of the files of a checkpoint; 0 for what is gone.</summary>
    internal long SizeOf(StoredCheckpoint found) => found.IsPublished
        ? BytesBelow(PathOf(found.Id, string.Empty))
        : BytesBelow(PathOf(found.Id, StagedPrefix)) + BytesBelow(PathOf(found.Id, DeletedPrefix));

    private static long BytesBelow(string directory)
    {
        try
        {
            return FileKinds.Of(directory) != FileKind.Directory ? 0 :
                new DirectoryInfo(directory).EnumerateFiles("*", EveryFile).Sum(static file => file.Exists ? file.Length : 0);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
