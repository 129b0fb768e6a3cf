using Microsoft.Playwright;

namespace Pbt.Dashboard.Tests.Browser;

/// <summary>One browser for all tests of a class.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        if (!File.Exists(BrowserFactAttribute.Browser))
            return;

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = BrowserFactAttribute.Browser, Args = ["--no-sandbox"] });
    }

    /// <summary>Opens an address in a new window of its own.</summary>
    internal async Task<OpenPage> OpenAsync(string address, int width = 1280, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
            TimezoneId = "UTC",
        });
        var page = new OpenPage(await context.NewPageAsync());
        await page.Page.GotoAsync(address);
        return page;
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();

        _playwright?.Dispose();
    }
}

/// <summary>A page in a browser, and all that it complained of.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private readonly List<string> _complaints = [];
    private readonly List<string> _requests = [];

    public OpenPage(IPage page)
    {
        Page = page;
        page.SetDefaultTimeout(60_000);
        page.Console += (_, message) => Add(_complaints, message.Type is "error" or "warning" ? message.Text : null);
        page.PageError += (_, error) => Add(_complaints, error);
        page.Request += (_, request) => Add(_requests, request.Url);
    }

    public IPage Page { get; }

    /// <summary>Errors, warnings and breaches of the page's policy so far.</summary>
    public IReadOnlyList<string> Complaints => Copy(_complaints);

    /// <summary>Every address that it asked for.</summary>
    public IReadOnlyList<string> Requests => Copy(_requests);

    /// <summary>Waits until a text is on the page.</summary>
    public Task SeesAsync(string text) => Page.GetByText(text).First.WaitForAsync();

    /// <summary>Waits until an element is in the page. (A level stroke has no height, and so counts as invisible.)</summary>
    public Task HasAsync(string selector) => Page.Locator(selector).First.WaitForAsync(new() { State = WaitForSelectorState.Attached });

    /// <summary>Goes to another view by the address's fragment.</summary>
    public Task GoAsync(string fragment) => Page.EvaluateAsync("hash => { location.hash = hash }", fragment);

    /// <summary>How much wider than the window the page is, in pixels.</summary>
    public Task<int> OverhangAsync() => Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();

    private static void Add(List<string> list, string? text)
    {
        if (text is null)
            return;

        lock (list)
            list.Add(text);
    }

    private static string[] Copy(List<string> list)
    {
        lock (list)
            return [.. list];
    }
}
