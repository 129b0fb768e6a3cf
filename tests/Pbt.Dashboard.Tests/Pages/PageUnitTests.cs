using Pbt.Harness;

namespace Pbt.Dashboard.Tests.Pages;

/// <summary>The page's own tests, in TypeScript.</summary>
public sealed class PageUnitTests
{
    private static readonly string Web = Path.Combine(SystemPython.Repository, "src", "Pbt.Dashboard", "web");

    [PageSourceFact]
    public async Task They_pass()
    {
        var run = await Programs.RunAsync("npm", ["run", "--silent", "test"], Web);

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("fail 0", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("pass 0\n", run.Out, StringComparison.Ordinal);
    }

    /// <summary>A test that needs what the build restored for the page.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class PageSourceFactAttribute : FactAttribute
    {
        public PageSourceFactAttribute() =>
            Skip = PageFactAttribute.Missing ?? (Directory.Exists(Path.Combine(Web, "node_modules")) ? null : "the packages of the page are not restored: eng/page does it");
    }
}
