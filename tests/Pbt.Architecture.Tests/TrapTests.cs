using System.Text.RegularExpressions;

namespace Pbt.Architecture.Tests;

/// <summary>The traps of the peers that docs/presets.md calls gone have tests that would notice their return.</summary>
public sealed partial class TrapTests
{
    private static readonly string Root = Repository.Root;

    public static TheoryData<string> Rows()
    {
        var rows = new TheoryData<string>();
        foreach (var line in File.ReadLines(Path.Combine(Root, "docs", "presets.md")).SkipWhile(static line => line is not "## Traps that are gone").SkipWhile(static line => !line.StartsWith("|---", StringComparison.Ordinal)).Skip(1))
            rows.Add(line);

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_trap_names_tests_that_exist(string row)
    {
        var tests = Names().Matches(row.Split('|')[4]).Select(static match => match.Groups["name"].Value).ToList();
        Assert.NotEmpty(tests);
        Assert.Empty(tests.Except(Known.Value, StringComparer.Ordinal));
    }

    private static readonly Lazy<HashSet<string>> Known = new(static () => Sources()
        .SelectMany(static path => Definitions().Matches(File.ReadAllText(path)))
        .Select(static match => match.Groups["name"].Value)
        .ToHashSet(StringComparer.Ordinal));

    private static IEnumerable<string> Sources() =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Root, "tests"), "*.cs", SearchOption.AllDirectories),
        .. Directory.EnumerateFiles(Path.Combine(Root, "clients", "python", "tests"), "test_*.py"),
    ];

    [GeneratedRegex("`(?<name>[A-Za-z0-9_]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Names();

    // An attribute that makes a test, others of its kind, and the method.
    [GeneratedRegex(@"(\[\w*(Fact|Theory)\w*[\](][^;{]*?\s(Task|void) (?<name>\w+)\()|(def (?<name>test_\w+)\()", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Definitions();
}
