using System.Buffers;
using System.Collections.Concurrent;
using Pbt.Storage.FileSystem;

namespace Pbt.Storage.Checkpoints.S3;

/// <summary>Sends the files of one checkpoint, and then its manifest, by which it becomes visible.</summary>
/// <remarks>
/// Run again after an error it goes on where it was: files that have arrived are not sent again, nor are parts that the server still has.
/// One run at a time.
/// </remarks>
internal sealed class S3Upload(S3Bucket bucket, string prefix, string directory, CheckpointManifest manifest, SemaphoreSlim requests)
{
    private const int MostParts = 10_000;

    private readonly ConcurrentDictionary<string, bool> _arrived = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _begun = new(StringComparer.Ordinal);

    /// <summary>What is sent.</summary>
    public CheckpointManifest Manifest => manifest;

    /// <summary>Sends what is still missing.</summary>
    /// <exception cref="IOException">A file could not be read or sent just now.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = bucket.Settings.RequestsAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(manifest.Files.Where(file => !_arrived.ContainsKey(file.Path)), options, async (file, cancelled) =>
        {
            await SendAsync(file, cancelled);
            _arrived[file.Path] = true;
        });
        await bucket.PutAsync(prefix + CheckpointManifest.FileName, manifest.ToJson(), cancellationToken);
    }

    /// <summary>The size of the parts of a file: larger than is set where there would be too many.</summary>
    internal static long PartSizeOf(long size, long set)
    {
        const long Step = 1 << 20;
        var least = (size + MostParts - 1) / MostParts;
        return Math.Max(set, (least + Step - 1) / Step * Step);
    }

    private async Task SendAsync(CheckpointFile file, CancellationToken cancellationToken)
    {
        using var handle = UntrustedFile.TryOpen(Path.Combine(directory, file.Path), out var kind)
            ?? throw new IOException($"{Path.Combine(directory, file.Path)} is {FileKinds.Describe(kind)}: it was being sent");
        var key = S3Layout.KeyOf(prefix, file.Path);
        var partSize = PartSizeOf(file.Size, bucket.Settings.PartSize);
        if (file.Size > partSize)
        {
            await SendPartsAsync(handle, file, key, partSize, cancellationToken);
            return;
        }

        await WithPieceAsync(handle, 0, (int)file.Size, async content =>
        {
            await bucket.PutAsync(key, content, cancellationToken);
            return true;
        }, cancellationToken);
    }

    private async Task SendPartsAsync(Microsoft.Win32.SafeHandles.SafeFileHandle handle, CheckpointFile file, string key, long partSize, CancellationToken cancellationToken)
    {
        var parts = new ConcurrentDictionary<int, string>();
        if (_begun.TryGetValue(key, out var upload))
        {
            var there = await bucket.PartsAsync(key, upload, cancellationToken);
            if (there is null && await bucket.HasAsync(new S3Entry(key, file.Size), cancellationToken))
                return;

            if (there is null)
                upload = null;

            // A part is there only as a whole, and its signature has its digest.
            foreach (var (number, (tag, size)) in there ?? [])
            {
                if (size == SizeOf(number, file.Size, partSize))
                    parts[number] = tag;
            }
        }

        upload ??= await bucket.BeginAsync(key, cancellationToken);
        _begun[key] = upload;
        var count = (int)((file.Size + partSize - 1) / partSize);
        var options = new ParallelOptions { MaxDegreeOfParallelism = bucket.Settings.RequestsAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(1, count).Where(number => !parts.ContainsKey(number)), options, async (number, cancelled) =>
            parts[number] = await WithPieceAsync(
                handle,
                (number - 1) * partSize,
                (int)SizeOf(number, file.Size, partSize),
                content => bucket.PutPartAsync(key, upload, number, content, cancelled),
                cancelled));
        await bucket.CompleteAsync(key, upload, parts.OrderBy(static part => part.Key).Select(static part => (part.Key, part.Value)), cancellationToken);
    }

    private static long SizeOf(int number, long size, long partSize) => Math.Min(partSize, size - ((number - 1) * partSize));

    /// <summary>Reads a piece of a file and has it sent; no more pieces are in memory than requests are made at a time.</summary>
    private async Task<T> WithPieceAsync<T>(
        Microsoft.Win32.SafeHandles.SafeFileHandle handle, long offset, int length, Func<ReadOnlyMemory<byte>, Task<T>> send, CancellationToken cancellationToken)
    {
        await requests.WaitAsync(cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            for (var done = 0; done < length;)
            {
                var read = await RandomAccess.ReadAsync(handle, buffer.AsMemory(done, length - done), offset + done, cancellationToken);
                done += read > 0 ? read : throw new IOException($"a file below {directory} has become shorter while it was sent");
            }

            return await send(buffer.AsMemory(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            requests.Release();
        }
    }
}
