using Pbt.Harness;

namespace Pbt.Packages.Tests;

/// <summary>The programs that the packages' readmes show, built from the packages alone.</summary>
[Collection(PackedFeedTests.Name)]
public sealed class ReadmeTests(PackedFeed feed)
{
    [Fact]
    public async Task A_program_hosts_a_study_of_its_own_trainers_and_others_read_it()
    {
        var host = await RunAsync("Pbt.Runtime");

        host.Expect(0).Saying("Completed, best loss ", "intervals 1 to ");
        var study = Path.Combine(await feed.Readmes, "Pbt.Runtime", "runs", "descent");
        Assert.True(File.Exists(Path.Combine(study, "journal.jsonl")), host.ToString());
        (await RunAsync("Pbt.Storage", study)).Expect(0).Saying("descent: 20 intervals completed, best score ", "m3 after 5 intervals: ");
        (await feed.RunAsync(study, await feed.Tool, "status", study)).Expect(0).Saying("completed");
        var report = await RunAsync("Pbt.Dashboard", study);
        if (HasPage(report))
            Assert.True(new FileInfo(Path.Combine(await feed.Readmes, "Pbt.Dashboard", "report.html")).Length > 10_000);
    }

    [Fact]
    public async Task A_program_is_trained_through_the_client_and_runs_alone_too()
    {
        var folder = Path.Combine(await feed.Readmes, "Pbt.Client");

        (await RunAsync("Pbt.Client")).Expect(0).Saying("interval 1: score ");
        (await feed.RunAsync(folder, await feed.Tool, "run", "study.yaml", "--slots", "1")).Expect(0).Saying("The study is complete");
        var files = Directory.GetFiles(Path.Combine(folder, "bin", "Release", "net10.0"), "*.dll").Select(Path.GetFileName);
        Assert.Equal(["Pbt.Client.dll", $"{ReadmeProjects.Assembly}.dll"], files.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_program_reads_a_spec()
    {
        var folder = Path.Combine(await feed.Readmes, "Pbt.Core");
        File.Copy(Path.Combine(await feed.Readmes, "Pbt.Client", "study.yaml"), Path.Combine(folder, "study.yaml"));

        (await RunAsync("Pbt.Core")).Expect(0).Saying("descent: 4 members tune learning_rate");
    }

    private static bool HasPage(Output report)
    {
        if (report.ExitCode == 0)
            return true;

        Expectation.That(report.All.Contains("page", StringComparison.Ordinal) && !Directory.Exists(Path.Combine(SystemPython.Repository, "artifacts", "page")), report.ToString());
        return false;
    }

    private async Task<Output> RunAsync(string package, params string[] arguments)
    {
        var folder = Path.Combine(await feed.Readmes, package);
        return await feed.RunAsync(folder, "dotnet", [Path.Combine("bin", "Release", "net10.0", $"{ReadmeProjects.Assembly}.dll"), .. arguments]);
    }
}
