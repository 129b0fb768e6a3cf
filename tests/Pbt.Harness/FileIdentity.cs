using System.Diagnostics;

namespace Pbt.Harness;

/// <summary>What identifies files.</summary>
public static class FileIdentity
{
    /// <summary>The number of a file's inode.</summary>
    public static string InodeOf(string path)
    {
        using var stat = Process.Start(new ProcessStartInfo("stat", ["-c", "%i", path]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        return stat.StandardOutput.ReadToEnd().Trim();
    }
}
