namespace Pbt.Samples.Tests.DotNet;

public sealed class DocumentationTests
{
    [Theory]
    [InlineData("dotnet-session")]
    [InlineData("in-process")]
    public void The_example_of_the_documentation_is_the_sample_that_the_tests_run(string sample)
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "pbt.slnx")))
            root = Path.GetDirectoryName(root)!;

        var program = File.ReadAllText(Path.Combine(root, "samples", sample, "Program.cs")).Trim();
        Assert.Contains($"```csharp\n{program}\n```", File.ReadAllText(Path.Combine(root, "docs", "trainers.md")), StringComparison.Ordinal);
    }
}
