using System.Xml.Linq;

namespace Pbt.Architecture.Tests;

/// <summary>The arrows between projects point one way.</summary>
public sealed class ArrowTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Pbt.Core"] = [],
        ["Pbt.Client"] = [],
        ["Pbt.Storage"] = ["Pbt.Core"],
        ["Pbt.Runtime"] = ["Pbt.Core", "Pbt.Storage"],
        ["Pbt.Backends"] = ["Pbt.Core", "Pbt.Storage", "Pbt.Runtime"],
        ["Pbt.Testing"] = ["Pbt.Core", "Pbt.Storage", "Pbt.Runtime"],
        ["Pbt.Dashboard"] = ["Pbt.Core", "Pbt.Storage"],
        ["Pbt.Cli"] = ["Pbt.Core", "Pbt.Storage", "Pbt.Runtime", "Pbt.Backends", "Pbt.Dashboard"],
    };

    private static readonly string Root = Repository.Root;

    public static TheoryData<string> Projects()
    {
        var projects = new TheoryData<string>();
        foreach (var path in Directory.GetFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories))
            projects.Add(Path.GetFileNameWithoutExtension(path));

        return projects;
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_refers_only_to_those_below_it(string project)
    {
        Assert.True(Allowed.ContainsKey(project), $"{project} is new: say in this test which projects it may refer to.");
        var references = Read(project, "ProjectReference").Select(static include => Path.GetFileNameWithoutExtension(include.Replace('\\', '/')));
        Assert.Empty(references.Except(Allowed[project], StringComparer.Ordinal));
    }

    [Fact]
    public void The_client_depends_on_nothing_but_the_shared_framework()
    {
        Assert.Empty(Read("Pbt.Client", "ProjectReference"));
        Assert.Empty(Read("Pbt.Client", "PackageReference"));
        Assert.Empty(Read("Pbt.Client", "FrameworkReference"));
        Assert.Empty(Read("Pbt.Client", "Reference"));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Only_the_command_line_knows_where_telemetry_goes(string project) => Assert.Equal(
        project is "Pbt.Cli", Read(project, "PackageReference").Any(static package => package.StartsWith("OpenTelemetry", StringComparison.Ordinal)));

    [Theory]
    [InlineData("System.IO")]
    [InlineData("System.Net")]
    [InlineData("System.Threading.Tasks")]
    [InlineData("System.Diagnostics.Process")]
    [InlineData("Microsoft.Extensions")]
    public void The_core_uses_no_input_or_output(string forbidden)
    {
        var uses = Sources("Pbt.Core")
            .Where(source => File.ReadLines(source).Any(line => line.StartsWith($"using {forbidden}", StringComparison.Ordinal)))
            .Select(Path.GetFileName);
        Assert.Empty(uses);
    }

    [Theory]
    [InlineData("File.")]
    [InlineData("Directory.")]
    [InlineData("Environment.")]
    [InlineData("Console.")]
    [InlineData("TimeProvider")]
    [InlineData("Stopwatch")]
    [InlineData("new Random(")]
    [InlineData("async ")]
    public void The_core_has_no_clock_and_no_ambient_state(string forbidden)
    {
        var uses = Sources("Pbt.Core")
            .SelectMany(source => File.ReadLines(source).Select(line => (Source: Path.GetFileName(source), Line: line.Trim())))
            .Where(use => !use.Line.StartsWith("//", StringComparison.Ordinal) && Mentions(use.Line, forbidden))
            .ToList();
        Assert.Empty(uses);
    }

    [Fact]
    public void No_source_file_is_longer_than_400_lines()
    {
        var sources = Directory.GetFiles(Root, "*.cs", SearchOption.AllDirectories)
            .Where(static path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/artifacts/", StringComparison.Ordinal));
        Assert.Empty(sources.Where(static path => File.ReadLines(path).Count() > 400).Select(Path.GetFileName));
    }

    private static bool Mentions(string line, string word)
    {
        var at = line.IndexOf(word, StringComparison.Ordinal);
        return at >= 0 && (at == 0 || !(char.IsLetterOrDigit(line[at - 1]) || line[at - 1] == '.'));
    }

    private static IEnumerable<string> Sources(string project) =>
        Directory.GetFiles(Path.Combine(Root, "src", project), "*.cs", SearchOption.AllDirectories)
            .Where(static path => !path.Contains("/obj/", StringComparison.Ordinal));

    private static IEnumerable<string> Read(string project, string item) =>
        XDocument.Load(Path.Combine(Root, "src", project, project + ".csproj"))
            .Descendants(item)
            .Select(static element => element.Attribute("Include")!.Value);
}
