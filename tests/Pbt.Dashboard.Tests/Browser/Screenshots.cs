namespace Pbt.Dashboard.Tests.Browser;

/// <summary>Pictures of the views, for people: taken where <c>PBT_SCREENSHOTS</c> names a folder for them (eng/screenshots).</summary>
internal static class Screenshots
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("PBT_SCREENSHOTS");

    public static async Task TakeAsync(OpenPage page, string name)
    {
        if (Folder is not null)
            await page.Page.ScreenshotAsync(new() { Path = Path.Combine(Folder, name + ".png"), FullPage = false });
    }
}
