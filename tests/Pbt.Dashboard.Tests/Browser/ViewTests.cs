using Microsoft.Playwright;
using Pbt.Core.Population;
using Pbt.Dashboard.Figures;
using Pbt.Storage.Journal;

namespace Pbt.Dashboard.Tests.Browser;

/// <summary>Each view with the data of real studies, on wide and narrow windows, by pointer and by keyboard.</summary>
public sealed class ViewTests(Chromium chromium, FinishedStudies studies) : IClassFixture<Chromium>, IClassFixture<FinishedStudies>
{
    /// <summary>Every view, what must be in it, and what it is called in docs/images.</summary>
    private static readonly (string Fragment, string Holds, string Name)[] Views =
    [
        ("#/0", "figure.chart .marks path", "overview"),
        ("#/0/hyperparameters", "figure.chart .marks path", "hyperparameters"),
        ("#/0/lineage", "figure.chart svg text.label", "lineage"),
        ("#/0/members", "tbody tr[data-member='11']", "members"),
        ("#/0/workers", "rect.bar", "workers"),
        ("#/0/events", "ol.news li.inheritance", "events"),
        ("#/0/spec", "pre", "spec"),
        ("#/0/m3", "table tbody tr", "member"),
        ("#/", "figure.chart .marks path", "studies"),
    ];

    [BrowserFact]
    public async Task Every_view_shows_the_study_and_nobody_complains()
    {
        await using var page = await chromium.OpenAsync(Address("#/0"));
        foreach (var (fragment, holds, name) in Views)
        {
            await page.GoAsync(fragment);
            await page.HasAsync(holds);
            await Screenshots.TakeAsync(page, name);
        }

        Assert.Empty(page.Complaints);
        Assert.All(page.Requests, url => Assert.StartsWith(studies.Server.Address.ToString(), url, StringComparison.Ordinal));
    }

    [BrowserFact]
    public async Task The_figures_are_those_of_the_log()
    {
        await using var store = JournalStore.Open(new(studies.Study.Dir));
        var state = await store.LoadAsync();
        await using var page = await chromium.OpenAsync(Address("#/0/members"));
        await page.HasAsync("tbody tr[data-member='11']");
        foreach (var member in state.Members)
        {
            var cells = await page.Page.Locator($"tr[data-member='{member.Id.Value}'] > *").AllInnerTextsAsync();
            Assert.Equal((member.Id.ToString(), "finished", Core.Wording.Words.Score(member.Latest!.Score), "30"), (cells[0], cells[1], cells[2], cells[3]));
            Assert.Equal(Core.Wording.Words.Member(member.LastDonor), cells[5]);
            Assert.Equal(Core.Wording.Words.Value(member.Hyperparameters["lr"]), cells[^1]);
        }

        var ranked = await page.Page.Locator("tbody th a").AllInnerTextsAsync();
        Assert.Equal(state.Members.OrderByDescending(static m => m.Latest!.Score).ThenBy(static m => m.Id).Select(static m => m.Id.ToString()), ranked);
        Assert.Contains(Core.Wording.Words.Score(state.Best!.Record.Score), await page.Page.Locator(".tiles").InnerTextAsync(), StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task A_line_breaks_where_a_member_takes_anothers_weights()
    {
        await using var store = JournalStore.Open(new(studies.Study.Dir));
        var state = await store.LoadAsync();
        var inherited = state.Members.Sum(member => member.History.Count(record => record.Start is { } start && (start.Member != member.Id || start.Interval != record.Interval - 1)));
        await using var page = await chromium.OpenAsync(Address("#/0"));
        await page.HasAsync("figure.chart .marks path");

        // Each line begins with a move: one a member, and one more at each exploit. The last two paths are the best lineage.
        var moves = await page.Page.EvaluateAsync<int>(
            "() => [...document.querySelectorAll('figure.chart .marks path')].slice(0, -2).reduce((sum, path) => sum + path.getAttribute('d').split('M').length - 1, 0)");
        Assert.True(inherited > 20, $"only {inherited} exploits");
        Assert.Equal(state.Members.Count + inherited, moves);
    }

    [BrowserFact]
    public async Task Every_branch_of_the_living_lineages_hangs_on_the_one_that_it_came_from()
    {
        await using var store = JournalStore.Open(new(studies.Study.Dir));
        var tree = LineageTree.Of(await store.LoadAsync());
        var lanes = LineageLayout.Of(tree).Lanes;
        await using var page = await chromium.OpenAsync(Address("#/0/lineage"));
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Living" }).ClickAsync();
        await page.HasAsync("button[aria-pressed='true']:text-is('Living')");

        // A branch is a curve; the last path is the best lineage.
        var curves = await page.Page.EvaluateAsync<int>(
            "() => [...document.querySelectorAll('figure.chart .marks path')].slice(0, -1).reduce((sum, path) => sum + path.getAttribute('d').split('C').length - 1, 0)");
        Assert.Equal(tree.Nodes.Count(node => node.Parent is { } parent && lanes[parent.Id] != lanes[node.Id]), curves);
    }

    [BrowserFact]
    public async Task Nothing_is_wider_than_a_narrow_window_in_the_dark_too()
    {
        await using var page = await chromium.OpenAsync(Address("#/0"), width: 360, height: 740, ColorScheme.Dark);
        foreach (var (fragment, holds, name) in Views)
        {
            await page.GoAsync(fragment);
            await page.HasAsync(holds);
            Assert.True(await page.OverhangAsync() <= 0, $"{fragment} is wider than the window by {await page.OverhangAsync()} pixels");
            await Screenshots.TakeAsync(page, name + "-narrow");
        }

        Assert.Equal("rgb(14, 19, 27)", await page.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor"));
        Assert.Empty(page.Complaints);
    }

    [BrowserFact]
    public async Task The_theme_is_the_users_choice_and_is_remembered()
    {
        await using var page = await chromium.OpenAsync(Address("#/0"), scheme: ColorScheme.Dark);
        await page.HasAsync("figure.chart .marks path");
        await Screenshots.TakeAsync(page, "overview-dark");
        Assert.Equal("rgb(14, 19, 27)", await GroundAsync());
        await page.Page.GetByLabel("Light or dark").ClickAsync();
        await page.Page.ReloadAsync();
        await page.HasAsync("figure.chart .marks path");
        Assert.Equal("light", await page.Page.EvaluateAsync<string>("() => document.documentElement.dataset.theme"));
        Assert.Equal("rgb(245, 247, 250)", await GroundAsync());

        // Pictures that are saved have colours, not what the style sheet makes them from.
        Assert.DoesNotContain("light-dark", await page.Page.EvaluateAsync<string>("() => [...document.querySelectorAll('.canvas svg')].map((svg) => svg.outerHTML).join('')"), StringComparison.Ordinal);

        Task<string> GroundAsync() => page.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");
    }

    [BrowserFact]
    public async Task The_keyboard_goes_everywhere()
    {
        await using var page = await chromium.OpenAsync(Address("#/0"));
        await page.HasAsync("figure.chart .marks path");
        var keyboard = page.Page.Keyboard;

        // The first stop leads past what is on every page.
        await keyboard.PressAsync("Tab");
        Assert.Equal("To the content", await Focused(page));
        await keyboard.PressAsync("Enter");
        Assert.Equal("main", await page.Page.EvaluateAsync<string>("() => document.activeElement.id"));

        // A chart: the best member, then the next, back along its lineage, and to its page.
        await page.Page.Locator(".canvas").First.FocusAsync();
        await keyboard.PressAsync("ArrowDown");
        var best = await page.Page.Locator(".tip strong").First.InnerTextAsync();
        await keyboard.PressAsync("ArrowDown");
        var second = await page.Page.Locator(".tip strong").First.InnerTextAsync();
        await keyboard.PressAsync("ArrowLeft");
        var earlier = await page.Page.Locator(".tip strong").First.InnerTextAsync();
        Assert.EndsWith("interval 30", best, StringComparison.Ordinal);
        Assert.NotEqual(best, second);
        Assert.Equal(second.Replace("interval 30", "interval 29", StringComparison.Ordinal), earlier);
        await keyboard.PressAsync("Enter");
        await page.SeesAsync($"Member {second.Split(',')[0]}");

        // Tabs are links; sorting is a button.
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Members", Exact = true }).FocusAsync();
        await keyboard.PressAsync("Enter");
        await page.HasAsync("[aria-sort='descending'][data-name='score']");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "age" }).FocusAsync();
        await keyboard.PressAsync("Enter");
        await page.HasAsync("[aria-sort='descending'][data-name='age']");
        var ages = await page.Page.Locator("tbody tr td:nth-child(7)").AllInnerTextsAsync();
        Assert.Equal(ages.Select(static age => int.Parse(age, System.Globalization.CultureInfo.InvariantCulture)).OrderDescending(), ages.Select(static age => int.Parse(age, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Empty(page.Complaints);
    }

    [BrowserFact]
    public async Task A_members_page_has_its_schedule_and_the_command_that_trains_it_again()
    {
        await using var store = JournalStore.Open(new(studies.Study.Dir));
        var state = await store.LoadAsync();
        await using var page = await chromium.OpenAsync(Address("#/0/m3"));
        await page.HasAsync("table tbody tr");

        var stretches = Lineage.Schedule(Lineage.Of(state, state.Members[3].Start));
        Assert.Equal(stretches.Length, await page.Page.Locator("section:has(> h2:text('Schedule')) tbody tr").CountAsync());
        Assert.Equal($"pbt replay {studies.Study.Dir} --member 3 --dir {studies.Study.Dir}-replay-m3", await page.Page.Locator("code").InnerTextAsync());
    }

    [BrowserFact]
    public async Task Several_studies_are_compared_by_what_their_training_reached()
    {
        await using var page = await chromium.OpenAsync(studies.Server.Address.ToString());
        await page.HasAsync("figure.chart .marks path");
        await page.SeesAsync("triangle-constant");
        Assert.Equal(2, await page.Page.Locator("tbody tr").CountAsync());
        Assert.Equal(["triangle", "triangle-constant"], await page.Page.Locator("figcaption .key").AllInnerTextsAsync());
        Assert.Equal(2, await page.Page.Locator("figure.chart .marks path").CountAsync());
    }

    private string Address(string fragment) => studies.Server.Address + fragment;

    private static Task<string> Focused(OpenPage page) => page.Page.EvaluateAsync<string>("() => document.activeElement.textContent");
}
