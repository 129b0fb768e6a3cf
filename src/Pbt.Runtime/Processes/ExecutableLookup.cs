namespace Pbt.Runtime.Processes;

/// <summary>Finds the program that a launch names.</summary>
/// <remarks>Pure reading of the file system; the rules are those of <c>execvp</c>, in the child's environment.</remarks>
internal static class ExecutableLookup
{
    private const string DefaultPath = "/usr/local/bin:/usr/bin:/bin";

    /// <summary>Returns the program's absolute path, or says in <paramref name="reason"/> why there is none.</summary>
    internal static string? Find(ProcessLaunch launch, string workingDirectory, out string reason)
    {
        reason = "";
        if (launch.FileName.Contains('/', StringComparison.Ordinal))
            return FindPath(launch.FileName, workingDirectory, out reason);

        string? refused = null;
        var path = launch.Environment.TryGetValue("PATH", out var set) ? set : DefaultPath;
        foreach (var directory in path.Split(':'))
        {
            // An empty entry means the current directory, which for the child is its working directory.
            var candidate = Path.Combine(workingDirectory, directory, launch.FileName);
            if (!File.Exists(candidate))
                continue;
            if (LibC.Access(candidate, LibC.ExecuteAccess) == 0)
                return candidate;
            refused ??= candidate;
        }

        reason = refused is null
            ? $"The program '{launch.FileName}' is not found in PATH ({path}). Install it, correct its name, or give its full path."
            : NotExecutable(refused);
        return null;
    }

    private static string? FindPath(string fileName, string workingDirectory, out string reason)
    {
        var path = Path.Combine(workingDirectory, fileName);
        reason = "";
        if (Directory.Exists(path))
            reason = $"'{path}' is a directory, not a program. Name the program inside it.";
        else if (!File.Exists(path))
            reason = $"The program '{path}' does not exist{Origin(fileName, workingDirectory)}. Correct its path.";
        else if (LibC.Access(path, LibC.ExecuteAccess) != 0)
            reason = NotExecutable(path);
        return reason.Length == 0 ? path : null;
    }

    private static string Origin(string fileName, string workingDirectory) =>
        Path.IsPathRooted(fileName) ? "" : $" ('{fileName}' is taken from the working directory '{workingDirectory}')";

    private static string NotExecutable(string path) =>
        $"The file '{path}' is not executable. Run 'chmod +x {path}', or name its interpreter first, as in [python3, {Path.GetFileName(path)}].";
}
