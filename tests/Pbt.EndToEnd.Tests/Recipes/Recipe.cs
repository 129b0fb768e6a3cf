using System.Text.RegularExpressions;

namespace Pbt.EndToEnd.Tests.Recipes;

/// <summary>The recipes of docs/recipes, made small.</summary>
internal static partial class Recipe
{
    /// <summary>The folder of the recipes.</summary>
    public static string Root { get; } = Path.Combine(RepositoryRoot(), "docs", "recipes");

    /// <summary>The folder of the programs that stand in for those that cannot be had here.</summary>
    public static string StandIns { get; } = Path.Combine(RepositoryRoot(), "tests", "Pbt.EndToEnd.Tests", "Recipes", "StandIns");

    /// <summary>All specs of all recipes, relative to their folder.</summary>
    public static IEnumerable<string> Specs { get; } =
        [.. Directory.GetFiles(Root, "*.yaml", SearchOption.AllDirectories).Where(static path => File.ReadLines(path).Any(static line => line.StartsWith("population:", StringComparison.Ordinal)))
            .Select(static path => Path.GetRelativePath(Root, path)).Order(StringComparer.Ordinal)];

    /// <summary>A copy of a recipe as a study of two members and three intervals, that explores after each.</summary>
    /// <param name="spec">The recipe's spec.</param>
    /// <param name="steps">The length of an interval.</param>
    public static Study Small(string spec, int steps)
    {
        var study = new Study().With("PATH", $"{StandIns}:/usr/bin:/bin:{Environment.GetEnvironmentVariable("PATH")}").With("PYTHONDONTWRITEBYTECODE", "1");
        var folder = Path.GetDirectoryName(Path.Combine(Root, spec))!;
        foreach (var file in Directory.GetFiles(folder))
            File.Copy(file, study.At(Path.GetFileName(file)));

        var text = File.ReadAllText(Path.Combine(Root, spec));
        text = Population().Replace(text, "population: 2\nmode: synchronous");
        text = Interval().Replace(text, $"interval: {{ steps: {steps} }}");
        text = Budget().Replace(text, "budget: { intervals: 3 }");
        text = Strategies().Replace(text, string.Empty);
        return study.Spec(text + "\nexploit: { strategy: truncation, top: 0.5, bottom: 0.5 }\nexplore: { strategy: perturb, when: always }\n");
    }

    /// <summary>The repository that the tests were built in.</summary>
    public static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "pbt.slnx")))
            folder = folder.Parent ?? throw new InvalidOperationException("the tests are not in the repository");

        return folder.FullName;
    }

    [GeneratedRegex("^population: .*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Population();

    [GeneratedRegex("^interval: .*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Interval();

    [GeneratedRegex("^budget: .*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Budget();

    [GeneratedRegex("^(preset|exploit|explore): .*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Strategies();
}
