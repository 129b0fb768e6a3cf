using System.Text.Json;

namespace Pbt.Clients.Tests;

/// <summary>A test of the Python client: what <c>tests.report</c> says of it.</summary>
/// <param name="Name">Its module, class and method.</param>
/// <param name="Outcome">passed, failed, skipped, or listed where it was not run.</param>
/// <param name="Text">What failed, or why it is skipped.</param>
internal sealed record PythonTest(string Name, string Outcome, string Text)
{
    /// <summary>All of them, not run; empty where there is no Python.</summary>
    public static IReadOnlyList<PythonTest> Listed { get; } = Python.Missing() is null ? Report("--list") : [];

    /// <summary>Runs all of them, once.</summary>
    public static Lazy<IReadOnlyList<PythonTest>> Finished { get; } = new(static () => Report());

    private static List<PythonTest> Report(params string[] more)
    {
        var (exitCode, lines) = Python.Run(["-m", "tests.report", .. more]);
        if (exitCode != 0)
            throw new InvalidOperationException($"python3 -m tests.report ended with exit code {exitCode}:\n{string.Join('\n', lines)}");

        var tests = new List<PythonTest>();
        foreach (var line in lines.Where(static line => line.StartsWith("{\"test\": ", StringComparison.Ordinal)))
        {
            using var said = JsonDocument.Parse(line);
            tests.Add(new(Read(said, "test"), Read(said, "outcome"), Read(said, "text")));
        }

        return tests;
    }

    private static string Read(JsonDocument said, string name) => said.RootElement.GetProperty(name).GetString()!;
}
