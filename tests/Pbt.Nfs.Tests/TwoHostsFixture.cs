using System.Diagnostics;

namespace Pbt.Nfs.Tests;

/// <summary>One run of every scenario on hosts that share a directory over NFS.</summary>
public sealed class TwoHostsFixture : IAsyncLifetime
{
    private const int MostSeconds = 400;
    private readonly Dictionary<string, string> _results = new(StringComparer.Ordinal);
    private string _output = string.Empty;

    /// <summary>The repository's folder.</summary>
    public static string Repository { get; } = Find();

    /// <summary>Why it cannot be done here; empty if it can.</summary>
    public static string WhyNot { get; } = Ask();

    public async Task InitializeAsync()
    {
        if (WhyNot.Length > 0)
            return;

        var start = Script("--seconds", MostSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture), Path.Combine(AppContext.BaseDirectory, "Pbt.Nfs.TestHost"));
        start.Environment["PBT_PROGRAM"] = Path.Combine(AppContext.BaseDirectory, "..", "..", "Pbt.Cli", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "pbt.dll");
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            _output += line + "\n";
            if (line.Split(' ', 3) is ["passed" or "failed", var name, _])
                _results[name] = line;
        }

        _output += await error;
        await process.WaitForExitAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>Fails unless a scenario went as it should.</summary>
    public void Passed(string scenario) =>
        Assert.True(_results.TryGetValue(scenario, out var result) && result.StartsWith("passed ", StringComparison.Ordinal), result ?? $"{scenario} did not come to an end:\n{_output}");

    private static string Ask()
    {
        if (!OperatingSystem.IsLinux())
            return "NFS is tested on Linux.";

        using var process = Process.Start(Script("--check"))!;
        var reason = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0 ? string.Empty : $"NFS cannot be had here: {reason}";
    }

    private static ProcessStartInfo Script(params string[] arguments) => new(Path.Combine(Repository, "eng", "nfs"), arguments)
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        UseShellExecute = false,
    };

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "pbt.slnx")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"There is no pbt.slnx above {AppContext.BaseDirectory}.");
    }
}
