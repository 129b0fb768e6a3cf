using System.Diagnostics;

namespace Pbt.EndToEnd.Tests.Harness;

/// <summary>What identifies files.</summary>
internal static class FileIdentity
{
    /// <summary>The number of a file's inode.</summary>
    public static string InodeOf(string path)
    {
        using var stat = Process.Start(new ProcessStartInfo("stat", ["-c", "%i", path]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        return stat.StandardOutput.ReadToEnd().Trim();
    }
}
