using System.Text.Json;
using Pbt.Core.Sweeps;

namespace Pbt.Core.Tests.Sweeps;

/// <summary>The schema that editors use says what the reader does.</summary>
public sealed class SweepSchemaTests
{
    [Fact]
    public void The_schema_has_the_readers_keys_each_described()
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryRoot(), "schemas", "sweep.schema.json")));
        foreach (var (path, keys) in SweepKeys.BySection)
        {
            var section = path.Length == 0 ? schema.RootElement : schema.RootElement.GetProperty("properties").GetProperty("studies").GetProperty("items");

            Assert.Equal(string.Join(' ', keys), string.Join(' ', section.GetProperty("properties").EnumerateObject().Select(static p => p.Name)));
            Assert.False(section.GetProperty("additionalProperties").GetBoolean());
            Assert.All(section.GetProperty("properties").EnumerateObject(), static key => Assert.NotEmpty(key.Value.GetProperty("description").GetString()!));
        }
    }

    [Fact]
    public void The_document_describes_every_key_and_its_example_expands()
    {
        var document = File.ReadAllText(Path.Combine(RepositoryRoot(), "docs", "sweeps.md"));
        foreach (var (path, keys) in SweepKeys.BySection)
            Assert.All(keys, key => Assert.Contains(path.Length == 0 ? $"| `{key}` |" : $"| `{path}.{key}` |", document, StringComparison.Ordinal));

        var example = document.Split("```yaml\n")[2].Split("```")[0];
        Assert.Equal(
            ["demo-pop8-top0.1", "demo-pop8-top0.2", "demo-pop16-top0.1", "demo-pop16-top0.2", "demo-factors0.8-1.2", "demo-factors0.5-2.0-resample_probability0.1", "demo-presetpaper"],
            SweepTexts.Expand(example).Select(static study => study.Name));
    }

    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "pbt.slnx")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("No folder above the tests has pbt.slnx.");
    }
}
