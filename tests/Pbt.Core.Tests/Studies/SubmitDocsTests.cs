using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Studies;

/// <summary>The examples of docs/submit.md, those included that were never run, are valid specs.</summary>
public sealed class SubmitDocsTests
{
    public static TheoryData<string> Examples()
    {
        var text = File.ReadAllText(Path.Combine(StudySchemaTests.RepositoryRoot(), "docs", "submit.md"));
        return [.. text.Split("```yaml\n").Skip(1).Select(static part => part[..part.IndexOf("```", StringComparison.Ordinal)])];
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_is_read(string yaml)
    {
        var backend = yaml.StartsWith("backend:", StringComparison.Ordinal) ? yaml : "backend:\n  kind: submit\n" + yaml;

        Assert.IsAssignableFrom<JobBackendSpec>(Specs.Read(Specs.Yaml() + backend).Backend);
    }

    [Fact]
    public void There_are_examples() => Assert.InRange(Examples().Count, 8, 30);
}
