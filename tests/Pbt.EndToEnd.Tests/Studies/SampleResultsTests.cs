using System.Diagnostics;
using Pbt.EndToEnd.Tests.Harness;
using Pbt.EndToEnd.Tests.Recipes;

namespace Pbt.EndToEnd.Tests.Studies;

/// <summary><c>eng/samples</c>: the page of a sample's results and its figures.</summary>
public sealed class SampleResultsTests
{
    [PythonFact("matplotlib")]
    public async Task A_page_is_made_again_from_the_runs_that_are_there_and_keeps_the_discussion()
    {
        using var study = new Study();
        await MeasureAsync(study);
        var page = study.At("cartpole.md");
        var first = await File.ReadAllTextAsync(page);
        await File.WriteAllTextAsync(page, first.Replace("| cartpole | 5 |", "gone", StringComparison.Ordinal) + "\n## Discussion\n\nIt was worth it.\n");
        var journal = await File.ReadAllBytesAsync(study.At("runs/cartpole/seed-5/journal.jsonl"));

        await MeasureAsync(study);

        Assert.Equal(first + "\n## Discussion\n\nIt was worth it.\n", await File.ReadAllTextAsync(page));
        Assert.Equal(journal, await File.ReadAllBytesAsync(study.At("runs/cartpole/seed-5/journal.jsonl")));
        foreach (var figure in (string[])["scores", "schedules", "lineage"])
        {
            Assert.Contains($"](cartpole-{figure}.svg)", first, StringComparison.Ordinal);
            Assert.Contains("</svg>", await File.ReadAllTextAsync(study.At($"cartpole-{figure}.svg")), StringComparison.Ordinal);
        }
    }

    private static async Task MeasureAsync(Study study)
    {
        string[] arguments =
        [
            $"PATH=/usr/bin:/bin:{Environment.GetEnvironmentVariable("PATH")}", "PYTHONDONTWRITEBYTECODE=1", "python3", Path.Combine(Recipe.RepositoryRoot(), "eng", "samples"), "cartpole",
            "--seeds", "5", "--set", "population=2", "--set", "interval.steps=1024", "--set", "budget.intervals=2", "--slots", "2", "--dir", study.At("runs"), "--out", study.Root,
        ];
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/env", arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Expectation.That(process.ExitCode == 0, $"eng/samples ended with {process.ExitCode}:\n{error}");
    }
}
