using System.Collections.Concurrent;
using System.Diagnostics;

namespace Pbt.EndToEnd.Tests.Harness;

/// <summary>A test whose programs import a module of the system's Python, such as torch.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonFactAttribute : FactAttribute
{
    private static readonly ConcurrentDictionary<string, bool> Found = new(StringComparer.Ordinal);

    public PythonFactAttribute(string module) => Skip = Found.GetOrAdd(module, Find) ? null : $"python3-{module} is not installed";

    private static bool Find(string module)
    {
        string[] arguments = ["PATH=/usr/bin:/bin", "python3", "-c", $"import importlib.util, sys; sys.exit(importlib.util.find_spec('{module}') is None)"];
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/env", arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
