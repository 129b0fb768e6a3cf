using System.Diagnostics;

namespace Pbt.EndToEnd.Tests.Harness;

/// <summary>A small file system in memory; unmounted when disposed of.</summary>
internal sealed class TemporaryMount : IDisposable
{
    private TemporaryMount(string path) => Path = path;

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    /// <summary>Mounts one; null where that is not allowed.</summary>
    public static TemporaryMount? TryCreate(string path, string size)
    {
        Directory.CreateDirectory(path);
        return Run("mount", "-t", "tmpfs", "-o", $"size={size}", "pbt-test", path) ? new TemporaryMount(path) : null;
    }

    /// <summary>Lets it be written to, or not.</summary>
    public void SetWritable(bool writable) =>
        Assert.True(Run("mount", "-o", writable ? "remount,rw" : "remount,ro", Path), $"{Path} could not be mounted anew");

    public void Dispose() => Run("umount", "--lazy", Path);

    private static bool Run(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
