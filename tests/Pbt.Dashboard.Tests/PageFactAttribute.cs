using Pbt.Dashboard.Pages;

namespace Pbt.Dashboard.Tests;

/// <summary>A test that needs the page, which the build leaves out where there is no Node.js.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PageFactAttribute : FactAttribute
{
    public PageFactAttribute() => Skip = Missing;

    /// <summary>Why there is no page; null if there is one.</summary>
    public static string? Missing => WebPage.IsBuilt ? null : "the page was not built: apt-get install nodejs npm";
}

/// <summary>A test that needs the page in a browser.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : FactAttribute
{
    /// <summary>The browser of Debian's package.</summary>
    public const string Browser = "/usr/bin/chromium";

    public BrowserFactAttribute() => Skip = PageFactAttribute.Missing ?? (File.Exists(Browser) ? null : "there is no Chromium: apt-get install chromium");
}
