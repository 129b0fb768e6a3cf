using System.Diagnostics;
using Pbt.EndToEnd.Tests.Harness;

namespace Pbt.EndToEnd.Tests.Studies;

public sealed class FreshCloneTests
{
    /// <remarks>Builds everything once more, which takes half a minute: leave it out by <c>--filter Speed!=Slow</c>.</remarks>
    [RepositoryFact]
    [Trait("Speed", "Slow")]
    public async Task A_fresh_clone_builds_itself_and_runs()
    {
        var folder = Directory.CreateTempSubdirectory("pbt-clone-").FullName;
        try
        {
            await RunAsync("git", ["clone", "--quiet", RepositoryFactAttribute.Root!, Path.Combine(folder, "pbt")], folder);
            var printed = await RunAsync(Path.Combine(folder, "pbt", "pbt"), ["validate", "samples/quadratic/study.yaml"], Path.Combine(folder, "pbt"));
            Assert.Contains("quadratic", printed, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> RunAsync(string program, string[] arguments, string workingDirectory)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = workingDirectory,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // What `dotnet test` sets for its own build must not reach another one.
        foreach (var name in start.Environment.Keys.Where(static k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || k is "VSTEST_CONNECTION_TIMEOUT").ToList())
            start.Environment.Remove(name);

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(180));
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}\n{output}\n{await error}");
        return output;
    }
}
