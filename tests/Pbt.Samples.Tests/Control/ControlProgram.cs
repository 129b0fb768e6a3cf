using System.Diagnostics;

namespace Pbt.Samples.Tests.Control;

/// <summary>The program as a process of its own.</summary>
internal static class ControlProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Where the build put it.</summary>
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "control.dll");

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string Error)> RunAsync(
        IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path, .. arguments]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        await output;
        return (process.ExitCode, await error);
    }
}
