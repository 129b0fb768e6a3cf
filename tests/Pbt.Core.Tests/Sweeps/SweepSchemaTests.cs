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
