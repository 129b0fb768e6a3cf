using System.Text.Json;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Studies;

/// <summary>The schema that editors use says what the reader does.</summary>
public sealed class StudySchemaTests : IDisposable
{
    /// <summary>Where the schema has examples.</summary>
    private static readonly string[] WithExamples =
    [
        "", "objective", "objective.smoothing", "interval", "budget", "burn_in", "hyperparameters", "initial", "exploit", "explore", "explore.overrides", "trainer",
        "trainer.score", "evaluate", "evaluate.score", "resources", "checkpoints", "on", "backend", "backend.job_id", "backend.state", "backend.states",
    ];

    private readonly JsonDocument _schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryRoot(), "schemas", "study.schema.json")));

    private JsonElement Root => _schema.RootElement;

    public static TheoryData<string> Sections => [.. SpecKeys.BySection.Keys];

    public static TheoryData<string> ExamplePaths => [.. WithExamples];

    public void Dispose() => _schema.Dispose();

    [Theory]
    [MemberData(nameof(Sections))]
    public void A_section_has_the_same_keys_in_the_schema_and_in_the_reader(string path)
    {
        var section = Section(path);
        var keys = section.GetProperty("properties").EnumerateObject().Select(static p => p.Name);

        Assert.Equal(string.Join(' ', SpecKeys.BySection[path]), string.Join(' ', keys));
        Assert.False(section.GetProperty("additionalProperties").GetBoolean());
    }

    [Theory]
    [MemberData(nameof(Sections))]
    public void Every_key_is_described(string path)
    {
        foreach (var key in Section(path).GetProperty("properties").EnumerateObject())
            Assert.NotEmpty((key.Value.TryGetProperty("description", out var own) ? own : Follow(key.Value).GetProperty("description")).GetString()!);
    }

    [Theory]
    [MemberData(nameof(Sections))]
    public void A_default_in_the_schema_is_the_readers(string path)
    {
        using var canonical = JsonDocument.Parse(SpecWriter.ToJson(Specs.Valid()));
        if (path.Contains('*', StringComparison.Ordinal) || Find(canonical.RootElement, path) is not { } section)
            return;

        foreach (var key in Section(path).GetProperty("properties").EnumerateObject())
        {
            if (key.Value.TryGetProperty("default", out var stated) && section.TryGetProperty(key.Name, out var actual))
                Assert.True(JsonElement.DeepEquals(stated, actual), $"{path}.{key.Name}: the schema says {stated}, the reader {actual}.");
        }
    }

    [Theory]
    [MemberData(nameof(ExamplePaths))]
    public void The_reader_accepts_every_example(string path)
    {
        foreach (var example in Section(path).GetProperty("examples").EnumerateArray())
            Specs.Read(WithExample(path, example.GetRawText()));
    }

    [Theory]
    [MemberData(nameof(Sections))]
    public void Every_key_is_in_an_example(string path)
    {
        var shown = new HashSet<string>(StringComparer.Ordinal);
        foreach (var at in WithExamples)
        {
            foreach (var example in Section(at).GetProperty("examples").EnumerateArray())
                NoteKeys(at, example, shown);
        }

        Assert.Empty(SpecKeys.BySection[path].Where(key => !shown.Contains(path.Length == 0 ? key : $"{path}.{key}")));
    }

    [Fact]
    public void Every_section_of_the_schema_is_one_of_the_readers()
    {
        var sections = Root.GetProperty("properties").EnumerateObject()
            .Where(p => Follow(p.Value).TryGetProperty("properties", out _))
            .Select(static p => p.Name);

        Assert.All(sections, static s => Assert.True(SpecKeys.BySection.ContainsKey(s), s));
    }

    [Fact]
    public void Every_word_of_the_schema_is_one_that_the_reader_knows()
    {
        foreach (var (path, keys) in SpecKeys.BySection)
        {
            foreach (var key in keys)
            {
                if (!Follow(Section(path).GetProperty("properties").GetProperty(key)).TryGetProperty("enum", out var words))
                    continue;

                foreach (var word in words.EnumerateArray())
                    Assert.DoesNotContain(ErrorsWith(path, key, word.GetString()!), static e => e.Message.StartsWith("there is no ", StringComparison.Ordinal) || e.Message.Contains("not supported", StringComparison.Ordinal));

                Assert.Contains(ErrorsWith(path, key, "zzzzzz"), static e => e.Message.StartsWith("there is no ", StringComparison.Ordinal));
            }
        }
    }

    private static System.Collections.Immutable.ImmutableArray<SpecError> ErrorsWith(string path, string key, string word)
    {
        var value = $"{{ {key}: {word} }}";
        var text = path switch
        {
            "" => Specs.Yaml((key, word), ("foo", "1")),
            "hyperparameters.*" => Specs.Yaml(("hyperparameters", $"{{ lr: {{ type: float, min: 0.1, max: 0.2, {key}: {word} }} }}".Replace(key is "type" ? "type: float, " : "\0", "", StringComparison.Ordinal)), ("foo", "1")),
            "trainer.score" or "evaluate.score" => Specs.Yaml((path.Split('.')[0], $"{{ command: [x], score: {value} }}"), ("foo", "1")),
            "exploit" when key is "otherwise" => Specs.Yaml((path, $"{{ strategy: band, {key}: {word} }}"), ("foo", "1")),
            "explore.overrides.*" when key is "strategy" => Specs.Yaml(("explore", $"{{ overrides: {{ lr: {value} }} }}"), ("foo", "1")),
            "explore.overrides.*" => Specs.Yaml(("explore", $"{{ overrides: {{ lr: {{ strategy: {(key is "sigma_unit" ? "gaussian" : "perturb")}, {key}: {word} }} }} }}"), ("foo", "1")),
            "objective.smoothing" => Specs.Yaml(("objective", $"{{ metric: m, goal: maximize, smoothing: {value} }}"), ("foo", "1")),
            "explore" when key is "sigma_unit" => Specs.Yaml((path, $"{{ strategy: gaussian, {key}: {word} }}"), ("foo", "1")),
            _ => Specs.Yaml((path, value), ("foo", "1")),
        };
        return Specs.Errors(text);
    }

    /// <summary>A spec that has an example where it belongs.</summary>
    private string WithExample(string path, string example)
    {
        var parts = path.Split('.', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0)
            return example;

        var inner = (parts[0], parts.Length) switch
        {
            (_, 1) => example,
            ("objective", _) => $"{{ metric: m, goal: maximize, {parts[1]}: {example} }}",
            ("trainer" or "evaluate", _) => $"{{ command: [x], {parts[1]}: {example} }}",
            ("backend", _) => BackendWith(parts[1], example),
            _ => $"{{ {parts[1]}: {example} }}",
        };
        return Specs.Yaml(
            [
                .. parts[0] is "exploit" ? [("population", "64")] : Array.Empty<(string, string?)>(),
                .. parts[0] is "hyperparameters" ? [("trainer", "{ command: [x] }")] : Array.Empty<(string, string?)>(),
                (parts[0], inner),
            ]);
    }

    private string BackendWith(string key, string example)
    {
        var submit = Section("backend").GetProperty("examples").EnumerateArray().First(static e => e.GetProperty("kind").GetString() is "submit");
        return $"{{ {string.Join(", ", submit.EnumerateObject().Select(p => $"{p.Name}: {(string.Equals(p.Name, key, StringComparison.Ordinal) ? example : p.Value.GetRawText())}"))} }}";
    }

    private static void NoteKeys(string path, JsonElement element, HashSet<string> shown)
    {
        if (element.ValueKind is JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
                NoteKeys($"{path}[]", item, shown);
        }

        if (element.ValueKind is not JsonValueKind.Object)
            return;

        foreach (var key in element.EnumerateObject())
        {
            var name = path is "hyperparameters" or "explore.overrides" or "trainer.env" ? "*" : key.Name;
            var at = path.Length == 0 ? name : $"{path}.{name}";
            shown.Add(at);
            NoteKeys(at, key.Value, shown);
        }
    }

    private static JsonElement? Find(JsonElement element, string path)
    {
        foreach (var key in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!element.TryGetProperty(key, out element))
                return null;
        }

        return element;
    }

    internal static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "pbt.slnx")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("No folder above the tests has pbt.slnx.");
    }

    private JsonElement Section(string path)
    {
        var section = Root;
        foreach (var key in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = key.EndsWith("[]", StringComparison.Ordinal) ? key[..^2] : key;
            section = Follow(name is "*" ? section.GetProperty("additionalProperties") : section.GetProperty("properties").GetProperty(name));
            section = name.Length < key.Length ? section.GetProperty("items") : section;
        }

        return section;
    }

    private JsonElement Follow(JsonElement element) => element.TryGetProperty("$ref", out var target)
        ? Root.GetProperty("$defs").GetProperty(target.GetString()!["#/$defs/".Length..])
        : element;
}
