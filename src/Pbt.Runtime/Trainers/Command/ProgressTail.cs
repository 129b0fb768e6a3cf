using System.Text.Json;
using Pbt.Core.Studies;
using Pbt.Storage.FileSystem;

namespace Pbt.Runtime.Trainers.Command;

/// <summary>Follows the file to which a trainer appends its progress, one JSON object a line.</summary>
/// <remarks>
/// Lines that are no JSON object, longer than 64 KiB or nested more than 32 deep are passed over, and so is all that follows
/// the first 64 MiB: progress is for looking at, and a trainer must not fail for it. Used by one attempt; not thread-safe.
/// </remarks>
internal sealed class ProgressTail(string path, Action<IReadOnlyList<JsonElement>> report)
{
    private const int MaxRead = 4 * 1024 * 1024;

    private long _offset;

    /// <summary>Reports new lines every so often until cancelled.</summary>
    public async Task FollowAsync(TimeSpan period, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
                ReadNew(isFinal: false);
        }
        catch (OperationCanceledException)
        {
            // The attempt is over; what is left is read by the caller.
        }
    }

    /// <summary>Reports the lines written since the last call.</summary>
    /// <param name="isFinal">Whether a last line without its line feed counts as whole.</param>
    public void ReadNew(bool isFinal)
    {
        try
        {
            while (ReadBlock(isFinal))
            {
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or DamagedStoreException)
        {
            // Progress that cannot be read or kept just now is tried again at the next tick, and is lost at the end.
        }
    }

    /// <summary>Reads one block; true if there may be more.</summary>
    private bool ReadBlock(bool isFinal)
    {
        using var handle = UntrustedFile.TryOpen(path, out _);
        if (handle is null)
            return false;

        var length = Math.Min(RandomAccess.GetLength(handle), ProgressLine.MaxBytesOfAttempt);
        if (length <= _offset)
            return false;

        var block = UntrustedFile.Read(handle, _offset, (int)Math.Min(length - _offset, MaxRead)).AsSpan();
        var end = block.LastIndexOf((byte)'\n') + 1;
        if (end == 0 && (isFinal || block.Length > ProgressLine.MaxBytes))
            end = block.Length;

        report(Parse(block[..end]));
        _offset += end;
        return end > 0 && _offset < length;
    }

    private static List<JsonElement> Parse(ReadOnlySpan<byte> block)
    {
        var lines = new List<JsonElement>();
        foreach (var range in block.Split((byte)'\n'))
        {
            var line = block[range].Trim(" \t\r"u8);
            if (ProgressLine.Read(line) is { } read)
                lines.Add(read);
        }

        return lines;
    }
}
