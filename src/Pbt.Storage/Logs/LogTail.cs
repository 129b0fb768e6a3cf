using System.Text;
using Pbt.Storage.FileSystem;

namespace Pbt.Storage.Logs;

/// <summary>Reads the end of a log, however long it is.</summary>
/// <remarks>What is no regular file is as if it were missing: a trainer may have put anything in the log's place.</remarks>
public static class LogTail
{
    /// <summary>How much of a log's end is searched for a score, in bytes.</summary>
    public const int MaxBytes = 64 * 1024;

    private const int ShownBytes = 4 * 1024;
    private const int ShownLines = 20;

    /// <summary>The last lines of a log for a message, at most 4 KiB of them, or null if it is empty or missing.</summary>
    public static string? Shown(string path)
    {
        var text = Read(path, ShownBytes, out _).TrimEnd();
        if (text.Length == 0)
            return null;

        var lines = text.Split('\n');
        return string.Join('\n', lines.TakeLast(ShownLines));
    }

    /// <summary>The lines that are whole in the last 64 KiB of a log; empty if it is missing.</summary>
    public static string Lines(string path)
    {
        var text = Read(path, MaxBytes, out var isCut);
        if (!isCut)
            return text;

        // What lost its beginning is no line.
        var first = text.IndexOf('\n', StringComparison.Ordinal);
        return first < 0 ? string.Empty : text[(first + 1)..];
    }

    private static string Read(string path, int bytes, out bool isCut)
    {
        isCut = false;
        using var file = UntrustedFile.TryOpen(path, out _);
        if (file is null)
            return string.Empty;

        // No further than it is now: something may still be writing.
        var length = RandomAccess.GetLength(file);
        isCut = length > bytes;
        return Encoding.UTF8.GetString(UntrustedFile.Read(file, Math.Max(0, length - bytes), bytes));
    }
}
