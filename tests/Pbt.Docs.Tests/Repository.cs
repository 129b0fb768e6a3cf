namespace Pbt.Docs.Tests;

/// <summary>The repository whose documentation is tested.</summary>
internal static class Repository
{
    private static readonly string[] Unread = ["artifacts", "bin", "obj", "runs", "node_modules", ".git"];

    /// <summary>Its folder.</summary>
    public static string Root { get; } = Find();

    /// <summary>Every page, as a path from the root.</summary>
    public static IReadOnlyList<string> Pages { get; } = [.. PagesIn(Root).Select(static path => Path.GetRelativePath(Root, path)).Order(StringComparer.Ordinal)];

    /// <summary>A path in it.</summary>
    public static string At(string path) => Path.Combine(Root, path);

    private static IEnumerable<string> PagesIn(string folder) =>
        Directory.EnumerateFiles(folder, "*.md").Concat(Directory.EnumerateDirectories(folder)
            .Where(static below => !Unread.Contains(Path.GetFileName(below), StringComparer.Ordinal))
            .SelectMany(PagesIn));

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "pbt.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("No folder above the tests has pbt.slnx.");

        return folder;
    }
}
