using System.Collections.Concurrent;
using System.Diagnostics;

namespace Pbt.Harness;

/// <summary>The Python that the operating system ships, which is the one that its packages extend.</summary>
public static class SystemPython
{
    /// <summary>Its program, whatever another Python comes first on the path.</summary>
    public const string Program = "/usr/bin/python3";

    private static readonly ConcurrentDictionary<string, bool> Found = new(StringComparer.Ordinal);

    /// <summary>The repository: the folder above the tests that holds pbt.slnx.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>A search path on which <c>python3</c> is the system's.</summary>
    public static string SearchPath => $"/usr/bin:{Environment.GetEnvironmentVariable("PATH")}";

    /// <summary>Why it cannot import one of these modules, in words that say what to install; null if it can.</summary>
    public static string? WhyNot(params ReadOnlySpan<string> modules)
    {
        foreach (var module in modules)
        {
            if (!Found.GetOrAdd(module, Find))
                return $"the system's Python has no {module}: apt-get install python3-{module}";
        }

        return null;
    }

    private static bool Find(string module) =>
        File.Exists(Program) && Run(["-c", $"import importlib.util, sys; sys.exit(importlib.util.find_spec('{module}') is None)"], Path.GetTempPath()).ExitCode == 0;

    /// <summary>Runs it to its end, on one thread and without leaving compiled files.</summary>
    public static Output Run(IEnumerable<string> arguments, string workingDirectory)
    {
        var start = new ProcessStartInfo(Program, arguments)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            Environment = { ["OMP_NUM_THREADS"] = "1", ["PYTHONDONTWRITEBYTECODE"] = "1", ["PATH"] = SearchPath },
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Output(process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "pbt.slnx")))
            folder = folder.Parent;

        Expectation.That(folder is not null, $"there is no pbt.slnx above {AppContext.BaseDirectory}");
        return folder.FullName;
    }
}
