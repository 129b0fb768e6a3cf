using System.Diagnostics;

namespace Pbt.Storage.Tests.FileSystem;

/// <summary>Makes named pipes, at which a careless reader waits for ever.</summary>
internal static class Pipe
{
    public static void Make(string path)
    {
        using var made = Process.Start("mkfifo", [path]);
        made.WaitForExit();
        Assert.Equal(0, made.ExitCode);
    }
}
