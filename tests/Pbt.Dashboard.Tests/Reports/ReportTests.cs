using Pbt.Core.Wording;
using Pbt.Dashboard.Reports;
using Pbt.Dashboard.Tests.Browser;
using Pbt.Harness;

namespace Pbt.Dashboard.Tests.Reports;

public sealed class ReportTests(Chromium chromium) : IClassFixture<Chromium>
{
    [BrowserFact]
    public async Task A_report_is_one_file_whose_figures_are_those_of_status()
    {
        using var study = new Study();
        study.Spec("""
            name: reported
            seed: 2
            population: 6
            mode: synchronous
            objective: { metric: accuracy, goal: maximize }
            interval: { steps: 5 }
            budget: { intervals: 8 }
            hyperparameters:
              lr: { type: float, min: 1.0e-4, max: 1.0, scale: log }
            trainer: { builtin: triangle }

            """);
        (await study.RunAsync(slots: 2)).Expect(0);
        var written = (await study.PbtAsync("report", study.Dir, "-o", study.At("report.html"))).Expect(0);
        Assert.StartsWith($"wrote {study.At("report.html")}: 1 study, ", written.Out, StringComparison.Ordinal);
        var status = await study.StatusAsync();

        await using var page = await chromium.OpenAsync($"file://{study.At("report.html")}#/0/members");
        await page.HasAsync("tbody tr[data-member='5']");
        foreach (var member in status.GetProperty("members").EnumerateArray())
        {
            var cells = await page.Page.Locator($"tr[data-member='{member.GetProperty("id").GetInt32()}'] > *").AllInnerTextsAsync();
            Assert.Equal(Words.Score(member.GetProperty("score").GetDouble()), cells[2]);
            Assert.Equal(member.GetProperty("state").GetString(), cells[1]);
        }

        var tiles = await page.Page.Locator(".tiles").InnerTextAsync();
        Assert.Contains(Words.Score(status.GetProperty("best").GetProperty("score").GetDouble()), tiles, StringComparison.Ordinal);
        Assert.Contains(Words.Count(status.GetProperty("intervals").GetProperty("completed").GetInt64()), tiles, StringComparison.Ordinal);
        foreach (var view in (string[])["#/0", "#/0/lineage", "#/0/hyperparameters"])
        {
            await page.GoAsync(view);
            await page.HasAsync("figure.chart .marks path");
        }

        Assert.Empty(page.Complaints);
        Assert.All(page.Requests, static url => Assert.True(url.StartsWith("file:", StringComparison.Ordinal) || url.StartsWith("data:", StringComparison.Ordinal), url));
        Assert.Equal(0, await page.Page.Locator(".controls button").CountAsync());
    }

    [BrowserFact]
    public async Task Markup_in_a_report_is_text_too()
    {
        await using var study = await DrivenStudy.CreateAsync(DrivenStudy.Hostile);
        await study.RunRoundsAsync(3);
        var path = Path.Combine(study.Directory.Root, "report.html");
        await ReportFile.WriteAsync([study.Watched], path, TimeProvider.System, CancellationToken.None);
        await using var page = await chromium.OpenAsync($"file://{path}#/0/hyperparameters");
        await page.SeesAsync("<img src=x");
        Assert.False(await page.Page.EvaluateAsync<bool>("() => window.harmed === 1 || document.querySelector('img') !== null"));
        Assert.Empty(page.Complaints);
    }
}
