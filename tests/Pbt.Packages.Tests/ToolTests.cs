using Pbt.Harness;

namespace Pbt.Packages.Tests;

/// <summary>pbt, installed as a .NET tool.</summary>
[Collection(PackedFeedTests.Name)]
public sealed class ToolTests(PackedFeed feed)
{
    [Fact]
    public async Task It_says_the_version_of_its_package()
    {
        var printed = (await feed.RunAsync(feed.Folder, await feed.Tool, "--version")).Expect(0).Out.Trim();

        Assert.Equal(feed.Version, printed.Split('+')[0]);
    }

    [Fact]
    public async Task It_runs_a_study_with_workers_that_are_itself()
    {
        var folder = feed.NewFolder("tool-study");
        await File.WriteAllTextAsync(Path.Combine(folder, "study.yaml"), SmallStudy.Text);

        (await feed.RunAsync(folder, await feed.Tool, "run", "study.yaml")).Expect(0).Saying("The study is complete");
        (await feed.RunAsync(folder, await feed.Tool, "verify", "runs/small")).Expect(0);
        var report = await feed.RunAsync(folder, await feed.Tool, "report", "runs/small");
        report.Expect(Directory.Exists(Path.Combine(SystemPython.Repository, "artifacts", "page")) ? 0 : 2);
    }
}
