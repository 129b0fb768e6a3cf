using System.Diagnostics;

namespace Pbt.Samples.Tests.DotNet;

/// <summary>A sample's program, as the build put it beside the tests.</summary>
internal static class SampleProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, name + ".dll");

    public static Process Start(string name, string directory, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", PathOf(name), .. arguments])
        {
            WorkingDirectory = directory,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
            start.Environment[key] = value;

        return Process.Start(start)!;
    }

    /// <summary>Waits for its end; returns its exit code and what it printed.</summary>
    public static async Task<(int ExitCode, string Printed)> EndAsync(this Process process)
    {
        using (process)
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync().WaitAsync(Patience);
            return (process.ExitCode, await output + await error);
        }
    }
}
