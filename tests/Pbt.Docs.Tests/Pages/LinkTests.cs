using System.Text.RegularExpressions;

namespace Pbt.Docs.Tests.Pages;

/// <summary>Links lead somewhere, and every page can be reached from the map.</summary>
public sealed partial class LinkTests
{
    private const string Map = "docs/README.md";

    public static TheoryData<string> AllPages => [.. Repository.Pages];

    [Theory]
    [MemberData(nameof(AllPages))]
    public void Every_link_of_a_page_leads_to_a_file_and_a_heading_that_are_there(string path)
    {
        var dead = Targets(DocPage.Read(path)).Where(static target => !Leads(target)).Select(static target => $"{target.Path}#{target.Anchor}");

        Assert.Empty(dead);
    }

    [Fact]
    public void Every_page_can_be_reached_from_the_map()
    {
        var (reached, waiting) = (new HashSet<string>(StringComparer.Ordinal) { Map }, new Queue<string>([Map]));
        while (waiting.TryDequeue(out var path))
        {
            foreach (var next in Targets(DocPage.Read(path)).SelectMany(static target => PagesAt(target.Path)).Where(reached.Add))
                waiting.Enqueue(next);
        }

        Assert.Equal([], Repository.Pages.Except(reached, StringComparer.Ordinal));
    }

    [Fact]
    public void The_map_has_a_line_for_every_page_of_the_documentation()
    {
        var named = Targets(DocPage.Read(Map)).SelectMany(static target => PagesAt(target.Path)).ToHashSet(StringComparer.Ordinal);

        Assert.Equal([], Repository.Pages.Where(static page => page.StartsWith("docs/", StringComparison.Ordinal)).Except([.. named, Map], StringComparer.Ordinal));
    }

    /// <summary>The pages at a path: itself, or those right in the folder that it is.</summary>
    private static IEnumerable<string> PagesAt(string path) =>
        Repository.Pages.Where(page => page == path || Path.GetDirectoryName(page) == path.TrimEnd('/'));

    private static bool Leads((string Path, string Anchor) target)
    {
        if (!Path.Exists(Repository.At(target.Path)))
            return false;

        return target.Anchor.Length == 0 || (target.Path.EndsWith(".md", StringComparison.Ordinal) && DocPage.Read(target.Path).Anchors.Contains(target.Anchor));
    }

    /// <summary>Where a page's links lead within the repository.</summary>
    private static IEnumerable<(string Path, string Anchor)> Targets(DocPage page)
    {
        var folder = Path.GetDirectoryName(Repository.At(page.RelativePath))!;
        foreach (var link in Link().Matches(page.Prose).Select(static match => match.Groups["target"].Value).Where(static target => !target.Contains("://", StringComparison.Ordinal)))
        {
            var parts = link.Split('#');
            var path = parts[0].Length == 0 ? page.RelativePath : Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(folder, parts[0])));
            yield return (path, parts.Length > 1 ? parts[1] : string.Empty);
        }
    }

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Link();
}
