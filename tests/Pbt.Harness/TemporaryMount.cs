using System.Diagnostics;

namespace Pbt.Harness;

/// <summary>A file system that is mounted for a while; unmounted when disposed of.</summary>
public sealed class TemporaryMount : IDisposable
{
    private TemporaryMount(string path) => Path = path;

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    /// <summary>Mounts a small one in memory; null where that is not allowed.</summary>
    public static TemporaryMount? TryCreate(string path, string size)
    {
        Directory.CreateDirectory(path);
        return Run("mount", "-t", "tmpfs", "-o", $"size={size}", "pbt-test", path) ? new TemporaryMount(path) : null;
    }

    /// <summary>Shows a directory at another place, where it cannot be written; null where that is not allowed.</summary>
    public static TemporaryMount? TryShowReadOnly(string source, string path)
    {
        Directory.CreateDirectory(path);
        if (!Run("mount", "--bind", source, path))
            return null;

        var view = new TemporaryMount(path);
        if (Run("mount", "-o", "remount,bind,ro", path))
            return view;

        view.Dispose();
        return null;
    }

    /// <summary>Mounts this one also over another directory: at once, whatever is open there.</summary>
    public TemporaryMount Cover(string path)
    {
        Expectation.That(Run("mount", "--bind", Path, path), $"{path} could not be covered");
        return new TemporaryMount(path);
    }

    /// <summary>Lets it be written to, or not.</summary>
    public void SetWritable(bool writable) =>
        Expectation.That(Run("mount", "-o", writable ? "remount,rw" : "remount,ro", Path), $"{Path} could not be mounted anew");

    public void Dispose() => Run("umount", "--lazy", Path);

    private static bool Run(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
