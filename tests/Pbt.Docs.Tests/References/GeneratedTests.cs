using System.Text.Json;

namespace Pbt.Docs.Tests.References;

/// <summary>What is generated in the documentation is up to date; <c>eng/docs</c> renews it.</summary>
public sealed class GeneratedTests
{
    /// <summary>Set by eng/docs: the pages are written rather than compared.</summary>
    private const string Renewing = "PBT_RENEW_DOCS";

    private const string Commands = "docs/commands.md";
    private const string Spec = "docs/spec.md";

    [Fact]
    public void The_commands_are_those_of_pbt() => IsUpToDate(Commands, static _ => CommandReference.Write());

    [Fact]
    public void The_tables_of_the_spec_are_those_of_the_schema()
    {
        using var schema = Schema();
        var reference = new SpecReference(schema.RootElement);

        IsUpToDate(Spec, reference.Renew);
    }

    [Fact]
    public void Every_section_of_the_spec_has_its_table()
    {
        var sections = SpecReference.SectionsIn(File.ReadAllText(Repository.At(Spec)));

        Assert.Equal(Core.Studies.SpecKeys.BySection.Keys.Except(["evaluate.score", "backend.state"]).Order(StringComparer.Ordinal), sections.Order(StringComparer.Ordinal));
    }

    private static JsonDocument Schema() => JsonDocument.Parse(File.ReadAllText(Repository.At("schemas/study.schema.json")));

    private static void IsUpToDate(string page, Func<string, string> renew)
    {
        var path = Repository.At(page);
        var there = File.Exists(path) ? File.ReadAllText(path) : string.Empty;
        var wanted = renew(there);
        if (Environment.GetEnvironmentVariable(Renewing) == "1")
            File.WriteAllText(path, wanted);
        else if (there != wanted)
            Assert.Fail($"{page} is not what pbt says: run ./eng/docs, and look at the difference. First difference: {FirstDifference(there, wanted)}");
    }

    private static string FirstDifference(string there, string wanted)
    {
        var (old, now) = (there.Split('\n'), wanted.Split('\n'));
        var line = Enumerable.Range(0, Math.Max(old.Length, now.Length)).First(i => old.ElementAtOrDefault(i) != now.ElementAtOrDefault(i));
        return $"line {line + 1}: '{old.ElementAtOrDefault(line)}' is to be '{now.ElementAtOrDefault(line)}'";
    }
}
