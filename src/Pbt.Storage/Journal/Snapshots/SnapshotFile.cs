using Microsoft.Win32.SafeHandles;
using Pbt.Storage.FileSystem;

namespace Pbt.Storage.Journal.Snapshots;

/// <summary>The file <c>snapshot</c> in a study's directory: read if it is in order, and otherwise as if it were not there.</summary>
internal static class SnapshotFile
{
    private const int Slack = 64 << 10;

    /// <summary>Reads the header; null if there is no snapshot that fits the journal up to an offset.</summary>
    public static SnapshotHeader? ReadHeader(string path, JournalFile journal, long end)
    {
        try
        {
            using var file = Open(path);
            return file is null ? null : ReadHeader(file, journal, end);
        }
        catch (Exception e) when (IsHarmless(e))
        {
            return null;
        }
    }

    /// <summary>Reads header and payload, which is null where it is damaged; null if no snapshot fits the journal up to an offset.</summary>
    public static (SnapshotHeader Header, byte[]? Payload)? Read(string path, JournalFile journal, long end)
    {
        try
        {
            using var file = Open(path);
            if (file is null || ReadHeader(file, journal, end) is not { } header)
                return null;

            var payload = GC.AllocateUninitializedArray<byte>(header.PayloadLength);
            return (header, Fill(file, payload, SnapshotHeader.Size) && Crc32C.Of(payload) == header.PayloadChecksum ? payload : null);
        }
        catch (Exception e) when (IsHarmless(e))
        {
            return null;
        }
    }

    /// <summary>Whether it only means that there is no snapshot.</summary>
    public static bool IsHarmless(Exception exception) => exception is
        IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException or InvalidOperationException or OverflowException or OutOfMemoryException or Core.Studies.PbtException;

    private static SafeFileHandle? Open(string path)
    {
        if (FileKinds.Of(path) != FileKind.File)
            return null;

        var file = Posix.Open(path, Posix.ReadOnly | Posix.NonBlocking);
        if (!file.IsInvalid)
            return file;

        file.Dispose();
        return null;
    }

    private static SnapshotHeader? ReadHeader(SafeFileHandle file, JournalFile journal, long end)
    {
        var bytes = new byte[SnapshotHeader.Size];
        return Fill(file, bytes, 0) && SnapshotHeader.Read(bytes) is { } header
            && RandomAccess.GetLength(file) == SnapshotHeader.Size + (long)header.PayloadLength
            && header.PayloadLength <= header.Position.Offset + Slack
            && header.Fits(journal, end)
                ? header
                : null;
    }

    private static bool Fill(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        var done = 0;
        while (done < buffer.Length && RandomAccess.Read(file, buffer[done..], offset + done) is > 0 and var read)
            done += read;

        return done == buffer.Length;
    }
}
