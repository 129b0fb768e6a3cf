using System.Collections.Immutable;

namespace Pbt.Storage.Checkpoints;

/// <summary>What was found in a staged checkpoint: its manifest, or why it cannot be one.</summary>
/// <param name="Manifest">The manifest.</param>
/// <param name="Directories">The directories below the checkpoint's own, relative to it.</param>
/// <param name="Problem">Why it cannot be one.</param>
internal sealed record CheckpointInventory(CheckpointManifest? Manifest, IReadOnlyList<string> Directories, string? Problem)
{
    /// <summary>The most files, links and directories together.</summary>
    public const int MostEntries = 100_000;

    /// <summary>The deepest that directories are nested.</summary>
    public const int MostLevels = 64;

    /// <summary>Hashes every file below a directory; nothing is synced.</summary>
    /// <exception cref="IOException">A file could not be read.</exception>
    public static async ValueTask<CheckpointInventory> TakeAsync(string directory, CancellationToken cancellationToken)
    {
        var files = ImmutableArray.CreateBuilder<CheckpointFile>();
        var links = ImmutableArray.CreateBuilder<CheckpointLink>();
        var directories = new List<string>();
        if (List(directory, out var problem) is not { } entries)
            return Refuse(problem!);

        foreach (var entry in entries.OrderBy(static e => e.FullName, StringComparer.Ordinal))
        {
            var path = Path.GetRelativePath(directory, entry.FullName);
            if (IsOwn(path) && (entry.LinkTarget is not null || entry is DirectoryInfo))
            {
                return Refuse($"the name '{path}' in the checkpoint is taken: pbt writes its own file there");
            }
            else if (entry.LinkTarget is { } target)
            {
                if (!LinkTarget.IsInside(directory, entry.FullName, target))
                    return Refuse($"the link '{path}' points outside the checkpoint, to '{target}': copy the file instead");

                links.Add(new CheckpointLink(path, target));
            }
            else if (entry is DirectoryInfo)
            {
                directories.Add(path);
            }
            else if (IsOwn(path))
            {
                // Left by an earlier attempt to publish these very files.
            }
            else
            {
                var (file, kind) = await HashAsync(entry.FullName, path, cancellationToken);
                if (file is null)
                    return Refuse($"'{path}' in the checkpoint is {FileSystem.FileKinds.Describe(kind)}: leave only directories, links, and files that can be read");

                files.Add(file);
            }
        }

        if (files.Count == 0)
            return Refuse("the checkpoint directory is empty: write what the next interval starts from into $PBT_CHECKPOINT_OUT");

        var manifest = new CheckpointManifest(files.ToImmutable(), links.ToImmutable()) { EmptyDirectories = Empty(directory, directories, entries) };
        return new CheckpointInventory(manifest, directories, Problem: null);
    }

    private static ImmutableArray<string>? Empty(string root, List<string> directories, List<FileSystemInfo> entries)
    {
        var parents = entries.Select(entry => Path.GetRelativePath(root, Path.GetDirectoryName(entry.FullName)!)).ToHashSet(StringComparer.Ordinal);
        ImmutableArray<string> empty = [.. directories.Where(path => !parents.Contains(path))];
        return empty.IsEmpty ? null : empty;
    }

    private static bool IsOwn(string path) => path is CheckpointManifest.FileName or CheckpointManifest.FileName + ".tmp";

    /// <summary>Everything below a directory, links listed and never followed; null if that is too much, or hidden.</summary>
    private static List<FileSystemInfo>? List(string directory, out string? problem)
    {
        var entries = new List<FileSystemInfo>();
        var left = new Stack<(DirectoryInfo Directory, int Level)>([(new DirectoryInfo(directory), 1)]);
        try
        {
            while (left.TryPop(out var next))
            {
                foreach (var entry in next.Directory.EnumerateFileSystemInfos())
                {
                    entries.Add(entry);
                    problem = entries.Count > MostEntries ? $"the checkpoint has more than {MostEntries} files and directories: pack them into fewer files"
                        : next.Level > MostLevels ? $"the checkpoint's directories are nested more than {MostLevels} deep: flatten them"
                        : null;
                    if (problem is not null)
                        return null;

                    if (entry is DirectoryInfo { LinkTarget: null } child)
                        left.Push((child, next.Level + 1));
                }
            }

            problem = null;
            return entries;
        }
        catch (UnauthorizedAccessException error)
        {
            problem = $"a directory in the checkpoint cannot be read: {error.Message} Leave what you write readable to yourself.";
            return null;
        }
    }

    private static CheckpointInventory Refuse(string problem) => new(Manifest: null, [], problem);

    /// <summary>Hashes a file; if it is none that can be read, says what it is.</summary>
    private static async ValueTask<(CheckpointFile? File, FileSystem.FileKind Kind)> HashAsync(string file, string path, CancellationToken cancellationToken)
    {
        using var handle = FileSystem.UntrustedFile.TryOpen(file, out var kind);
        if (handle is null)
            return (null, kind);

        var (size, digest) = await FileDigest.OfAsync(handle, cancellationToken);
        return (new CheckpointFile(path, size, digest), kind);
    }
}
