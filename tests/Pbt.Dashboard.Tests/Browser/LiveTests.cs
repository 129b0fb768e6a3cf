using System.Diagnostics;
using Microsoft.Playwright;
using Pbt.Core.Population;

namespace Pbt.Dashboard.Tests.Browser;

/// <summary>The page beside a study that goes on.</summary>
public sealed class LiveTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly TimeSpan Aim = TimeSpan.FromSeconds(2);

    [BrowserFact]
    public async Task What_happens_is_on_the_page_within_two_seconds()
    {
        await using var study = await DrivenStudy.CreateAsync();
        await study.RunRoundsAsync(3);
        await using var server = await study.ServeAsync();
        await using var page = await chromium.OpenAsync(server.AddressWithToken.ToString());
        await page.HasAsync("figure.chart .marks path");

        var took = new List<TimeSpan>();
        for (var i = 1; i <= 5; i++)
        {
            var assignment = await study.ClaimAsync();
            var clock = Stopwatch.StartNew();
            await study.CompleteAsync(assignment, 1000 + i);
            await page.SeesAsync($"{assignment.Member} set the best score at interval {assignment.Interval}: {1000 + i}");
            await page.Page.Locator(".tiles").GetByText($"{1000 + i}").WaitForAsync();
            took.Add(clock.Elapsed);
        }

        // A machine that does much else may be late once, not always.
        took.Sort();
        Assert.True(took[took.Count / 2] < Aim, $"it took {string.Join(", ", took)}");
        Assert.Empty(page.Complaints);
    }

    [BrowserFact]
    public async Task An_exploit_is_told_in_words_and_breaks_the_line()
    {
        await using var study = await DrivenStudy.CreateAsync();
        await study.RunRoundsAsync(2, static (member, round) => member == 3 ? -round : round + member);
        await using var server = await study.ServeAsync();
        await using var page = await chromium.OpenAsync(server.Address.ToString());
        await page.HasAsync("figure.chart .marks path");
        await study.RunRoundsAsync(3, static (member, round) => member == 3 ? -round : round + member);

        var state = await study.Store.LoadAsync();
        var taken = state.Members[3].History.Last(static record => record.Donor is not null);
        await page.SeesAsync($"m3 took {taken.Donor}'s weights at interval {taken.Interval - 1}: ");
        await page.GoAsync("#/0/m3");
        await page.HasAsync($"td:text-is('{taken.Start!.Value.Member} {taken.Start.Value.Interval}')");
    }

    [BrowserFact]
    public async Task The_token_lets_pause_resume_and_stop_and_without_it_nothing_changes()
    {
        await using var study = await DrivenStudy.CreateAsync();
        await study.RunRoundsAsync(1);
        await using var server = await study.ServeAsync();

        await using var stranger = await chromium.OpenAsync(server.Address.ToString());
        await stranger.HasAsync("figure.chart .marks path");
        Assert.Equal(0, await stranger.Page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).CountAsync());
        await stranger.Page.GetByLabel("Token").FillAsync("not-the-token");
        await stranger.Page.GetByLabel("Token").PressAsync("Enter");
        var refused = await stranger.Page.EvaluateAsync<int>("async () => (await fetch('api/studies/0/stop', { method: 'POST', headers: { 'X-Pbt-Token': 'not-the-token' } })).status");
        Assert.Equal(401, refused);
        Assert.Equal(StudyPhase.Running, (await study.Store.LoadAsync()).Phase);

        await using var page = await chromium.OpenAsync(server.AddressWithToken.ToString());
        var pause = page.Page.GetByRole(AriaRole.Button, new() { Name = "Pause" });
        await pause.WaitForAsync();
        Assert.DoesNotContain(server.Token.Text, page.Page.Url, StringComparison.Ordinal);
        await pause.FocusAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await page.SeesAsync("is paused: no new attempts start");
        Assert.Equal(StudyPhase.Paused, (await study.Store.LoadAsync()).Phase);

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await page.SeesAsync("goes on with 1 worker");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Go on" }).ClickAsync();
        Assert.False((await study.Store.LoadAsync()).HasEnded);
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await page.Page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await page.SeesAsync("stopped by a user");
        Assert.Equal(StudyPhase.Stopped, (await study.Store.LoadAsync()).Phase);
        Assert.Empty(page.Complaints);
    }

    [BrowserFact]
    public async Task Markup_in_names_is_shown_as_text()
    {
        await using var study = await DrivenStudy.CreateAsync(DrivenStudy.Hostile, host: DrivenStudy.Markup);
        var assignment = await study.ClaimAsync();
        study.WriteLog(assignment, $"{DrivenStudy.Markup}\n</pre><b>bold</b>\n");
        await study.FailAsync(assignment, $"it said {DrivenStudy.Markup}");
        await study.RunRoundsAsync(4);
        await using var server = await study.ServeAsync();
        await using var page = await chromium.OpenAsync(server.AddressWithToken.ToString());
        foreach (var (fragment, text) in ((string, string)[])[("#/0", "best <img"), ("#/0/hyperparameters", "<img src=x"), ("#/0/members", "optimizer"), ("#/0/workers", "<img src=x"), ("#/0/events", "it said <img"), ("#/0/spec", "</td><i>y"), ("#/0/m0", "<img src=x"), ("#/", "<img src=x")])
        {
            await page.GoAsync(fragment);
            await page.SeesAsync(text);
        }

        Assert.False(await page.Page.EvaluateAsync<bool>("() => window.harmed === 1 || document.querySelector('img, body script, pre b, td i') !== null"));
        Assert.Empty(page.Complaints);
    }

    [BrowserFact]
    public async Task A_page_whose_server_went_away_says_so()
    {
        await using var study = await DrivenStudy.CreateAsync();
        await study.RunRoundsAsync(1);
        var server = await study.ServeAsync();
        await using var page = await chromium.OpenAsync(server.Address.ToString());
        await page.HasAsync(".connection[data-is='live']");
        await page.HasAsync("figure.chart .marks path");
        await server.DisposeAsync();
        await page.HasAsync(".connection[data-is='lost']");
        Assert.True(await page.Page.Locator("figure.chart .marks path").CountAsync() > 0);
    }
}
