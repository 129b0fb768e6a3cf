using System.Text;

namespace Pbt.Runtime.Trainers;

/// <summary>Reads the end of a log, however long it is.</summary>
public static class LogTail
{
    private const int MaxBytes = 64 * 1024;
    private const int ShownBytes = 4 * 1024;
    private const int ShownLines = 20;

    /// <summary>The last lines of a log for a message, or null if it is empty or missing.</summary>
    public static string? Shown(string path)
    {
        var text = Read(path, ShownBytes).TrimEnd();
        if (text.Length == 0)
            return null;

        var lines = text.Split('\n');
        return string.Join('\n', lines.TakeLast(ShownLines));
    }

    /// <summary>The last 64 KiB of a log; empty if it is missing.</summary>
    public static string Read(string path) => Read(path, MaxBytes);

    private static string Read(string path, int bytes)
    {
        if (!File.Exists(path))
            return string.Empty;

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Seek(-Math.Min(bytes, file.Length), SeekOrigin.End);
        using var reader = new StreamReader(file, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
