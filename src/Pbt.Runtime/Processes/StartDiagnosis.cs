using System.Runtime.InteropServices;
using System.Text;

namespace Pbt.Runtime.Processes;

/// <summary>Turns a refused start into a sentence that says what to mend.</summary>
/// <remarks>
/// <c>posix_spawn</c> reports one error number for all of its steps, so the steps are looked at again, in order, once
/// it has failed. Nothing of this costs a start that succeeds.
/// </remarks>
internal static class StartDiagnosis
{
    /// <summary>Returns why a launch can never work as it is written, or null.</summary>
    internal static string? Invalid(ProcessLaunch launch)
    {
        if (launch.FileName.Length == 0)
            return "The command is empty. Name a program first.";
        if (launch.FileName.Contains('\0', StringComparison.Ordinal))
            return "The program's name holds a NUL character, which no path can. Remove it.";
        if (launch.WorkingDirectory.Length == 0 || launch.WorkingDirectory.Contains('\0', StringComparison.Ordinal))
            return "The working directory is empty or holds a NUL character. Name an existing directory.";
        for (var i = 0; i < launch.Arguments.Count; i++)
        {
            if (launch.Arguments[i].Contains('\0', StringComparison.Ordinal))
                return $"Argument {i + 1} of '{launch.FileName}' holds a NUL character, which no argument can. Remove it.";
        }

        foreach (var (name, value) in launch.Environment)
        {
            if (name.Length == 0 || name.AsSpan().ContainsAny("=\0"))
                return $"The environment variable name '{name}' is not valid: it is empty, or holds '=' or a NUL. Rename it.";
            if (value.Contains('\0', StringComparison.Ordinal))
                return $"The environment variable '{name}' holds a NUL character, which no value can. Remove it.";
        }

        return null;
    }

    /// <summary>Explains the error number that <c>posix_spawn</c> returned.</summary>
    internal static string Explain(ProcessLaunch launch, string program, string workingDirectory, int error)
    {
        if (MissingWorkingDirectory(workingDirectory) is { } missing)
            return missing;
        foreach (var path in new[] { launch.StandardOutputPath, launch.StandardErrorPath })
        {
            if (ClosedLog(path) is { } closed)
                return closed;
        }

        return error switch
        {
            LibC.NotAProgram =>
                $"'{program}' is neither a program for this machine nor a script with a '#!' line. Add one (such as '#!/bin/sh') as its first line, or name its interpreter first in the command.",
            LibC.FileBusy =>
                $"'{program}' is being written by another process. Start again when it is complete.",
            LibC.ArgumentsTooLong =>
                $"The arguments and the environment of '{program}' are too long for the system. Pass large values in a file.",
            LibC.NoSuchFile or LibC.NotADirectory or LibC.PermissionDenied when Interpreter(program) is { } interpreter =>
                $"The script '{program}' cannot start: its interpreter '{interpreter}', named in its first line, {(File.Exists(interpreter) ? "is not executable" : "does not exist")}. Correct that line{(interpreter.EndsWith("\\r", StringComparison.Ordinal) ? " (it ends in a Windows line break)" : "")}.",
            LibC.NoSuchFile =>
                $"'{program}' cannot start although it exists: the loader that it was linked for is missing. Install the libraries for its architecture.",
            LibC.PermissionDenied =>
                $"'{program}' may not be executed: permission is denied. Check its mode, and that its file system is not mounted noexec.",
            _ => $"'{program}' could not be started: {Marshal.GetPInvokeErrorMessage(error)} (error {error}).",
        };
    }

    /// <summary>Explains a working directory that cannot be entered, or returns null.</summary>
    internal static string? MissingWorkingDirectory(string path)
    {
        if (File.Exists(path))
            return $"The working directory '{path}' is a file. Name a directory.";
        if (!Directory.Exists(path))
            return $"The working directory '{path}' does not exist. Create it, or correct its path.";
        return LibC.Access(path, LibC.ExecuteAccess) == 0
            ? null
            : $"The working directory '{path}' may not be entered: permission is denied. Check its mode and its owner.";
    }

    private static string? ClosedLog(string path)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
            return $"The log file '{full}' is a directory. Name a file.";
        if (!Directory.Exists(Path.GetDirectoryName(full)))
            return $"The log file '{full}' cannot be created: its directory does not exist. Create the directory.";
        try
        {
            using var file = File.OpenHandle(full, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"The log file '{full}' cannot be written: {failure.Message}";
        }
    }

    private static string? Interpreter(string program)
    {
        try
        {
            using var file = File.OpenHandle(program);
            Span<byte> start = stackalloc byte[256];
            var text = Encoding.UTF8.GetString(start[..RandomAccess.Read(file, start, 0)]);
            if (!text.StartsWith("#!", StringComparison.Ordinal))
                return null;
            var line = text[2..].Split('\n')[0].TrimStart(' ', '\t');
            var end = line.AsSpan().IndexOfAny(" \t");
            return (end < 0 ? line : line[..end]).Replace("\r", "\\r", StringComparison.Ordinal);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
