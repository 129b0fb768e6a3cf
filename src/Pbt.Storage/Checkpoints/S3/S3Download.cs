using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Pbt.Storage.FileSystem;

namespace Pbt.Storage.Checkpoints.S3;

/// <summary>Reads one checkpoint of a bucket, and compares every file with the manifest.</summary>
/// <remarks>The manifest is not trusted: what would lead out of the directory is damage and is never opened.</remarks>
internal sealed class S3Download(S3Bucket bucket, string prefix, SemaphoreSlim requests)
{
    private const int Piece = 1 << 20;

    /// <summary>Reads the manifest, or says why there is none that can be used.</summary>
    /// <returns>The manifest; or null, with damage; or null without it if there is no checkpoint.</returns>
    public async Task<(CheckpointManifest? Manifest, string? Damage)> ReadManifestAsync(CancellationToken cancellationToken)
    {
        using var content = await bucket.GetAsync(prefix + CheckpointManifest.FileName, offset: null, cancellationToken);
        if (content is null)
            return (null, null);

        if (content.Size > CheckpointManifest.MaxBytes)
            return (null, $"its manifest '{CheckpointManifest.FileName}' has {content.Size} bytes, more than any that pbt writes");

        var json = new byte[content.Size];
        for (var done = 0; done < json.Length;)
            done += await content.ReadAsync(json.AsMemory(done), cancellationToken);

        if (CheckpointManifest.Read(json) is not { } manifest)
            return (null, $"its manifest '{CheckpointManifest.FileName}' is not one that pbt wrote");

        var outside = manifest.Files.Select(static file => file.Path).Concat(manifest.Links.Select(static link => link.Path)).Concat(manifest.EmptyDirectories ?? [])
            .FirstOrDefault(static path => !IsInside(path));
        return outside is null ? (manifest, null) : (null, $"its manifest names '{outside}', which is not inside it");
    }

    /// <summary>Reads every file without keeping it; says what differs, or null.</summary>
    public Task<string?> CompareAsync(CheckpointManifest manifest, CancellationToken cancellationToken) => EachAsync(manifest, ReadAsync, cancellationToken);

    /// <summary>Compares the sizes of all objects, which are not read; says what differs, or null.</summary>
    public async Task<string?> CompareSizesAsync(CheckpointManifest manifest, CancellationToken cancellationToken)
    {
        var there = await bucket.ListAsync(prefix, cancellationToken).ToDictionaryAsync(static entry => entry.Key, static entry => entry.Size, StringComparer.Ordinal, cancellationToken);
        foreach (var file in manifest.Files)
        {
            if (!there.TryGetValue(S3Layout.KeyOf(prefix, file.Path), out var size))
                return $"'{file.Path}' is missing";

            if (size != file.Size)
                return $"'{file.Path}' has {size} bytes, but was published with {file.Size}";
        }

        return null;
    }

    /// <summary>Brings the files into a directory, where earlier tries may have left a part; says what differs, or null.</summary>
    /// <exception cref="IOException">They could not be read or written just now; the parts that have come stay.</exception>
    public async Task<string?> BringAsync(CheckpointManifest manifest, string directory, CancellationToken cancellationToken)
    {
        foreach (var path in manifest.Files.Select(static file => Path.GetDirectoryName(file.Path)!).Concat(manifest.Links.Select(static link => Path.GetDirectoryName(link.Path)!))
            .Concat(manifest.EmptyDirectories ?? []).Distinct(StringComparer.Ordinal))
        {
            Directory.CreateDirectory(Path.Combine(directory, path));
        }

        if (await EachAsync(manifest, (file, cancelled) => BringAsync(file, Path.Combine(directory, file.Path), cancelled), cancellationToken) is { } damage)
            return damage;

        foreach (var link in manifest.Links)
        {
            var path = Path.Combine(directory, link.Path);
            StudyTree.Delete(path);
            File.CreateSymbolicLink(path, link.Target);
        }

        return null;
    }

    private static bool IsInside(string path) =>
        !path.Contains('\0', StringComparison.Ordinal) && !path.Split('/').Any(static part => part is "" or "." or "..") && path is not CheckpointManifest.FileName;

    private async Task<string?> EachAsync(CheckpointManifest manifest, Func<CheckpointFile, CancellationToken, Task<string?>> look, CancellationToken cancellationToken)
    {
        var different = new ConcurrentDictionary<int, string>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = bucket.Settings.RequestsAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, manifest.Files.Length), options, async (index, cancelled) =>
        {
            await requests.WaitAsync(cancelled);
            try
            {
                if (await look(manifest.Files[index], cancelled) is { } problem)
                    different[index] = problem;
            }
            finally
            {
                requests.Release();
            }
        });
        return different.IsEmpty ? null : different.MinBy(static found => found.Key).Value;
    }

    /// <summary>What a connection has spoiled is right the second time.</summary>
    private async Task<string?> ReadAsync(CheckpointFile file, CancellationToken cancellationToken) =>
        await ReadOnceAsync(file, into: null, cancellationToken) is null ? null : await ReadOnceAsync(file, into: null, cancellationToken);

    private async Task<string?> BringAsync(CheckpointFile file, string path, CancellationToken cancellationToken)
    {
        // One file at a time is written, so one that is there and right is from an earlier try.
        if (await ReadOnceAsync(file, path, cancellationToken) is null)
            return null;

        StudyTree.Delete(path);
        var damage = await ReadOnceAsync(file, path, cancellationToken);
        if (damage is not null)
            StudyTree.Delete(path);

        return damage;
    }

    private async Task<string?> ReadOnceAsync(CheckpointFile file, string? into, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var target = into is null ? null : UntrustedFile.OpenToReadAndWrite(into);
        var buffer = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            var done = target is null ? 0 : await ReadStartAsync(target, file, hash, buffer, cancellationToken);
            if (done < file.Size || file.Size == 0)
            {
                using var content = await bucket.GetAsync(S3Layout.KeyOf(prefix, file.Path), file.Size > 0 ? done : null, cancellationToken);
                if (content is null)
                    return $"'{file.Path}' is missing";

                if (content.Size != file.Size)
                    return $"'{file.Path}' has {content.Size} bytes, but was published with {file.Size}";

                if (content.Offset != done)
                    return $"'{file.Path}' was not given from byte {done} on";

                int read;
                while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
                {
                    hash.AppendData(buffer.AsSpan(0, read));
                    if (target is not null)
                        await RandomAccess.WriteAsync(target, buffer.AsMemory(0, read), done, cancellationToken);

                    done += read;
                }
            }

            var digest = Convert.ToHexStringLower(hash.GetHashAndReset());
            if (!digest.Equals(file.Sha256, StringComparison.Ordinal))
                return $"the content of '{file.Path}' is not what was published: its SHA-256 is {digest}, not {file.Sha256}";

            if (target is not null)
                RandomAccess.FlushToDisk(target);

            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Takes what an earlier try has left; returns its length.</summary>
    private static async Task<long> ReadStartAsync(
        Microsoft.Win32.SafeHandles.SafeFileHandle target, CheckpointFile file, IncrementalHash hash, byte[] buffer, CancellationToken cancellationToken)
    {
        if (RandomAccess.GetLength(target) > file.Size)
            RandomAccess.SetLength(target, 0);

        var done = 0L;
        int read;
        while ((read = await RandomAccess.ReadAsync(target, buffer, done, cancellationToken)) > 0)
        {
            hash.AppendData(buffer.AsSpan(0, read));
            done += read;
        }

        return done;
    }
}
