using System.Collections.Concurrent;
using Pbt.Storage.FileSystem;
using Pbt.Storage.Journal;

namespace Pbt.Storage.Checkpoints;

/// <summary>Compares a checkpoint's directory with its manifest.</summary>
/// <remarks>
/// The manifest is not trusted either: a path in it that leads out of the checkpoint, also through a link in the place of
/// a directory, counts as damage and is never opened. The first thing found in the manifest's order is the one reported.
/// </remarks>
internal sealed class CheckpointVerification
{
    private static readonly int FilesAtOnce = Math.Clamp(Environment.ProcessorCount, 1, 4);

    private readonly string _directory;
    private readonly HashSet<string> _directories = new(StringComparer.Ordinal);

    private CheckpointVerification(string directory) => _directory = directory;

    /// <summary>Says what a directory holds.</summary>
    /// <exception cref="UnreadableCheckpointException">The storage reports an error.</exception>
    /// <exception cref="IOException">It could not be read just now.</exception>
    public static async ValueTask<FetchResult> CheckAsync(string directory, CheckpointCheck check, CancellationToken cancellationToken)
    {
        if (FileKinds.Of(directory) != FileKind.Directory)
            return new FetchResult.Missing();

        try
        {
            return await new CheckpointVerification(directory).FindAsync(check, cancellationToken) is { } reason
                ? new FetchResult.Damaged(reason)
                : new FetchResult.Fetched(directory);
        }
        catch (IOException error) when (error.HResult == Posix.InputOutputError)
        {
            throw new UnreadableCheckpointException($"the checkpoint {directory} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>What differs, or null.</summary>
    private async ValueTask<string?> FindAsync(CheckpointCheck check, CancellationToken cancellationToken)
    {
        var (manifest, problem) = await ReadManifestAsync(cancellationToken);
        if (manifest is null)
            return problem;

        problem = manifest.Links.Select(FindIn).Concat(manifest.Files.Select(FindIn)).FirstOrDefault(static found => found is not null);
        return problem is null && check == CheckpointCheck.Digests ? await CompareAsync(manifest, cancellationToken) : problem;
    }

    private async ValueTask<(CheckpointManifest? Manifest, string? Problem)> ReadManifestAsync(CancellationToken cancellationToken)
    {
        var path = Path.Combine(_directory, CheckpointManifest.FileName);
        if (FileKinds.Of(path) != FileKind.File)
            return (null, $"its manifest '{CheckpointManifest.FileName}' is missing");

        if (new FileInfo(path).Length is > CheckpointManifest.MaxBytes and var length)
            return (null, $"its manifest '{CheckpointManifest.FileName}' has {length} bytes, more than any that pbt writes");

        try
        {
            var manifest = CheckpointManifest.Read(await File.ReadAllBytesAsync(path, cancellationToken));
            return (manifest, manifest is null ? $"its manifest '{CheckpointManifest.FileName}' is not one that pbt wrote" : null);
        }
        catch (FileNotFoundException)
        {
            return (null, $"its manifest '{CheckpointManifest.FileName}' is missing");
        }
    }

    private string? FindIn(CheckpointLink link)
    {
        if (!IsInside(link.Path))
            return $"its manifest names the link '{link.Path}', which is not inside it";

        var path = Path.Combine(_directory, link.Path);
        if (!LinkTarget.IsInside(_directory, path, link.Target))
            return $"its manifest has the link '{link.Path}' point outside it, to '{link.Target}'";

        var target = new FileInfo(path).LinkTarget;
        if (target is null)
            return $"the link '{link.Path}' is missing";

        return string.Equals(target, link.Target, StringComparison.Ordinal)
            ? null
            : $"the link '{link.Path}' points to '{target}', but was published with '{link.Target}'";
    }

    private string? FindIn(CheckpointFile file)
    {
        if (!IsInside(file.Path))
            return $"its manifest names '{file.Path}', which is not inside it";

        var path = Path.Combine(_directory, file.Path);
        switch (FileKinds.Of(path))
        {
            case FileKind.Missing:
                return $"'{file.Path}' is missing";
            case FileKind.Link or FileKind.Directory or FileKind.Special:
                return $"'{file.Path}' is no regular file any more";
            default:
                var size = new FileInfo(path) is { Exists: true } info ? info.Length : -1;
                return size == file.Size ? null : $"'{file.Path}' has {size} bytes, but was published with {file.Size}";
        }
    }

    private async ValueTask<string?> CompareAsync(CheckpointManifest manifest, CancellationToken cancellationToken)
    {
        var different = new ConcurrentDictionary<int, string>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = FilesAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, manifest.Files.Length), options, async (index, cancelled) =>
        {
            if (await CompareAsync(manifest.Files[index], cancelled) is { } problem)
                different[index] = problem;
        });
        return different.IsEmpty ? null : different.MinBy(static found => found.Key).Value;
    }

    private async ValueTask<string?> CompareAsync(CheckpointFile file, CancellationToken cancellationToken)
    {
        var path = Path.Combine(_directory, file.Path);
        using var handle = UntrustedFile.TryOpen(path, out var kind);
        if (handle is null)
            return kind switch
            {
                FileKind.Missing => $"'{file.Path}' is missing",
                FileKind.Unreadable => throw new IOException($"{path} may not be read: mend its permissions"),
                _ => $"'{file.Path}' is no regular file any more",
            };

        var (size, digest) = await FileDigest.OfAsync(handle, cancellationToken);
        if (size != file.Size)
            return $"'{file.Path}' has {size} bytes, but was published with {file.Size}";

        return digest.Equals(file.Sha256, StringComparison.Ordinal)
            ? null
            : $"the content of '{file.Path}' is not what was published: its SHA-256 is {digest}, not {file.Sha256}";
    }

    /// <summary>Whether a path of the manifest stays in the checkpoint: by its text, and by what its directories are.</summary>
    private bool IsInside(string path)
    {
        var parts = path.Split('/');
        if (path.Contains('\0', StringComparison.Ordinal) || parts.Any(static part => part is "" or "." or ".."))
            return false;

        var directory = _directory;
        foreach (var part in parts.SkipLast(1))
        {
            directory = Path.Combine(directory, part);
            if (_directories.Contains(directory))
                continue;

            // One that is missing is inside: the file below it is reported as missing.
            if (new DirectoryInfo(directory).LinkTarget is not null)
                return false;

            _directories.Add(directory);
        }

        return true;
    }
}
