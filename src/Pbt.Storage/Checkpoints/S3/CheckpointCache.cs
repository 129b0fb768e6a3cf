using System.Collections.Concurrent;
using Pbt.Core.Population;
using Pbt.Storage.FileSystem;

namespace Pbt.Storage.Checkpoints.S3;

/// <summary>The checkpoints of a study that this machine has, at most so many bytes of them besides those in use.</summary>
/// <remarks>
/// Thread-safe, and safe with any number of processes on one directory of a local disk. What is used longest ago goes first. A lock
/// file a checkpoint is held while somebody reads it, and one more for a moment by whoever takes, drops or looks for one; both end with their
/// process, however that ends.
/// </remarks>
internal sealed class CheckpointCache(StudyDirectory place, long limit, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<CheckpointId, ConcurrentBag<FileStream>> _held = new();
    private readonly ConcurrentDictionary<CheckpointId, long> _sizes = new();

    /// <summary>The checkpoints themselves, and those being written.</summary>
    public DirectoryCheckpointStore Local { get; } = new(place);

    private string Transfers => Path.Combine(place.Checkpoints, ".transfers");

    private string Lock => Path.Combine(Transfers, "lock");

    /// <summary>The directory where a checkpoint is brought together, perhaps with a part of it.</summary>
    public string PartOf(CheckpointId id) => PathOf(id, ".part");

    /// <summary>Notes that a checkpoint is here and not yet in the bucket.</summary>
    /// <exception cref="IOException">It could not be noted.</exception>
    public void BeginUpload(CheckpointId id)
    {
        StudyTree.Make(place, Transfers);
        UntrustedFile.OpenToWrite(PathOf(id, ".upload"), append: false).Dispose();
    }

    /// <summary>Whether a checkpoint is here and not yet in the bucket.</summary>
    public bool IsUploading(CheckpointId id) => FileKinds.Of(PathOf(id, ".upload")) != FileKind.Missing;

    /// <summary>Notes that a checkpoint is in the bucket, or nowhere.</summary>
    public void EndUpload(CheckpointId id) => StudyTree.Delete(PathOf(id, ".upload"));

    /// <summary>Keeps a checkpoint from being dropped until <see cref="Release"/>, whether it is here yet or not.</summary>
    public async ValueTask HoldAsync(CheckpointId id, CancellationToken cancellationToken)
    {
        StudyTree.Make(place, Transfers);
        using var alone = await FileLock.TakeAsync(Lock, time, cancellationToken);
        var use = PathOf(id, ".use");
        _held.GetOrAdd(id, static _ => []).Add(FileLock.Share(use));
        File.SetLastWriteTimeUtc(use, time.GetUtcNow().UtcDateTime);
    }

    /// <summary>Ends one <see cref="HoldAsync"/>.</summary>
    public void Release(CheckpointId id)
    {
        if (_held.TryGetValue(id, out var holds) && holds.TryTake(out var hold))
            hold.Dispose();
    }

    /// <summary>Has nobody else bring a checkpoint here meanwhile.</summary>
    public Task<FileStream> LockAsync(CheckpointId id, CancellationToken cancellationToken)
    {
        StudyTree.Make(place, Transfers);
        return FileLock.TakeAsync(PathOf(id, ".fetch"), time, cancellationToken);
    }

    /// <summary>Puts what was brought together in its place, instead of whatever is there.</summary>
    public void Take(CheckpointId id)
    {
        Local.Delete(id);
        StudyTree.Make(place, Path.GetDirectoryName(Local.LocalPathOf(id))!);
        Directory.Move(PartOf(id), Local.LocalPathOf(id));
    }

    /// <summary>Forgets a checkpoint and all that belongs to it.</summary>
    public void Forget(CheckpointId id)
    {
        Local.Delete(id);
        Local.Discard(id);
        _sizes.TryRemove(id, out _);
        if (FileKinds.Of(Transfers) != FileKind.Directory)
            return;

        StudyTree.Delete(PartOf(id));
        foreach (var suffix in (string[])[".upload", ".fetch", ".use"])
            StudyTree.Delete(PathOf(id, suffix));
    }

    /// <summary>Drops what is not in use, the longest unused first, until no more is left than may be.</summary>
    /// <param name="all">Whether all of that goes: the disk is full.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="IOException">Something could not be dropped.</exception>
    public async ValueTask TrimAsync(bool all, CancellationToken cancellationToken)
    {
        StudyTree.Make(place, Transfers);
        var here = Local.List().Where(static found => found.IsPublished)
            .Select(found => (found.Id, Size: _sizes.GetOrAdd(found.Id, _ => Local.SizeOf(found)), Used: LastUse(found.Id)))
            .OrderBy(static entry => entry.Used).ThenBy(static entry => entry.Id.Attempt).ToList();
        var left = here.Sum(static entry => entry.Size);
        if (left <= limit && !all)
            return;

        using var alone = await FileLock.TakeAsync(Lock, time, cancellationToken);
        foreach (var (id, size, _) in here)
        {
            if ((left <= limit && !all) || IsUploading(id) || !TryDrop(id))
                continue;

            left -= size;
        }
    }

    /// <summary>Ends every hold of this process.</summary>
    public void Dispose()
    {
        foreach (var hold in _held.Values.SelectMany(static holds => holds))
            hold.Dispose();
    }

    private bool TryDrop(CheckpointId id)
    {
        using var mine = FileLock.TryTake(PathOf(id, ".use"));
        if (mine is null)
            return false;

        Forget(id);
        return true;
    }

    private DateTime LastUse(CheckpointId id)
    {
        var use = new FileInfo(PathOf(id, ".use"));
        return use.Exists ? use.LastWriteTimeUtc : Directory.GetLastWriteTimeUtc(Local.LocalPathOf(id));
    }

    private string PathOf(CheckpointId id, string suffix) => Path.Combine(Transfers, id.ToString().Replace('/', '-') + suffix);
}
