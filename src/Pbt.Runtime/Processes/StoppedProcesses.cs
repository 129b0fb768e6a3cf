namespace Pbt.Runtime.Processes;

/// <summary>Finds processes that have been stopped (SIGSTOP, Ctrl-Z, a debugger).</summary>
public static class StoppedProcesses
{
    /// <summary>The pids of the stopped processes of this host that have a file open; empty where there is no <c>/proc</c>.</summary>
    public static IReadOnlyList<int> Holding(string path) =>
        [.. ProcFiles.Pids().Where(pid => ProcessStat.Read(pid) is { State: 'T' or 't' } && HasOpen(pid, Path.GetFullPath(path)))];

    private static bool HasOpen(int pid, string path)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{pid}/fd").Any(descriptor =>
                string.Equals(new FileInfo(descriptor).LinkTarget, path, StringComparison.Ordinal));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
