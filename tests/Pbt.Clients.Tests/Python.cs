using System.Diagnostics;

namespace Pbt.Clients.Tests;

/// <summary>The system's Python, and the folder of the Python client.</summary>
internal static class Python
{
    /// <summary>The folder of the client.</summary>
    public static string Client { get; } = Path.Combine(FindRoot(), "clients", "python");

    /// <summary>The interpreter: the system's, for it has the packages that Debian installs, else the first on the path.</summary>
    public static string Program { get; } = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

    /// <summary>Runs it in the client's folder; the lines that it printed, on either stream.</summary>
    public static (int ExitCode, List<string> Lines) Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments)
        {
            WorkingDirectory = Client,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        start.Environment["OMP_NUM_THREADS"] = "1";
        using var process = new Process { StartInfo = start };
        var lines = new List<string>();
        void Add(object sender, DataReceivedEventArgs line)
        {
            lock (lines)
            {
                if (line.Data is not null)
                    lines.Add(line.Data);
            }
        }

        process.OutputDataReceived += Add;
        process.ErrorDataReceived += Add;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.WaitForExit();
        return (process.ExitCode, lines);
    }

    /// <summary>Why this cannot be run; null where it can.</summary>
    public static string? Missing(params string[] modules)
    {
        try
        {
            return modules.FirstOrDefault(static module => Run("-c", $"import {module}").ExitCode != 0) is { } missing
                ? $"{Program} has no {missing} (eng/test installs it for root)."
                : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return $"There is no {Program}.";
        }
    }

    private static string FindRoot()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "pbt.slnx")))
            directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("The repository's root is not above the tests.");

        return directory;
    }
}
