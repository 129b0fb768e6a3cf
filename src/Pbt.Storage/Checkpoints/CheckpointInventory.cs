using System.Collections.Immutable;

namespace Pbt.Storage.Checkpoints;

/// <summary>What was found in a staged checkpoint: its manifest, or why it cannot be one.</summary>
internal sealed record CheckpointInventory(CheckpointManifest? Manifest, string? Problem)
{
    /// <summary>Hashes and syncs every file below a directory.</summary>
    /// <exception cref="IOException">A file could not be read or synced.</exception>
    public static async ValueTask<CheckpointInventory> TakeAsync(string directory, CancellationToken cancellationToken)
    {
        var files = ImmutableArray.CreateBuilder<CheckpointFile>();
        var links = ImmutableArray.CreateBuilder<CheckpointLink>();
        var directories = new List<string> { directory };
        foreach (var entry in Below(new DirectoryInfo(directory)).OrderBy(static e => e.FullName, StringComparer.Ordinal))
        {
            var path = Path.GetRelativePath(directory, entry.FullName);
            if (entry.LinkTarget is { } target)
            {
                if (!PointsInside(directory, entry.FullName, target))
                    return Refuse($"the link '{path}' points outside the checkpoint, to '{target}': copy the file instead");

                links.Add(new CheckpointLink(path, target));
            }
            else if (entry is DirectoryInfo)
            {
                directories.Add(entry.FullName);
            }
            else if (path is CheckpointManifest.FileName or CheckpointManifest.FileName + ".tmp")
            {
                // Left by an earlier attempt to publish these very files.
            }
            else if (await HashAsync(entry.FullName, path, cancellationToken) is { } file)
            {
                files.Add(file);
            }
            else
            {
                return Refuse($"'{path}' in the checkpoint is a pipe, a socket or a device: leave only files, directories and links");
            }
        }

        if (files.Count == 0)
            return Refuse("the checkpoint directory is empty: write what the next interval starts from into $PBT_CHECKPOINT_OUT");

        foreach (var written in directories)
            FileSystem.DurableFile.SyncDirectory(written);

        return new CheckpointInventory(new CheckpointManifest(files.ToImmutable(), links.ToImmutable()), Problem: null);
    }

    /// <summary>Everything below a directory, links listed and never followed.</summary>
    private static IEnumerable<FileSystemInfo> Below(DirectoryInfo directory)
    {
        foreach (var entry in directory.EnumerateFileSystemInfos())
        {
            yield return entry;
            if (entry is DirectoryInfo { LinkTarget: null } child)
            {
                foreach (var inner in Below(child))
                    yield return inner;
            }
        }
    }

    private static CheckpointInventory Refuse(string problem) => new(Manifest: null, problem);

    /// <summary>Whether a link's target is relative and lies in the checkpoint, as the text says it.</summary>
    internal static bool PointsInside(string directory, string link, string target)
    {
        var resolved = Path.GetFullPath(target, Path.GetDirectoryName(link)!);
        return !Path.IsPathRooted(target) && resolved.StartsWith(directory + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }

    /// <summary>Hashes and syncs a file; null if it is no regular file.</summary>
    private static async ValueTask<CheckpointFile?> HashAsync(string file, string path, CancellationToken cancellationToken)
    {
        if (!FileSystem.FileKind.IsRegular(file))
            return null;

        using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, FileOptions.SequentialScan);
        var (size, digest) = await FileDigest.OfAsync(handle, cancellationToken);
        RandomAccess.FlushToDisk(handle);
        return new CheckpointFile(path, size, digest);
    }
}
