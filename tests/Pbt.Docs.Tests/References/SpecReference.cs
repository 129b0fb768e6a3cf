using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Pbt.Docs.Tests.References;

/// <summary>Writes the tables of docs/spec.md from the schema that editors use.</summary>
internal sealed partial class SpecReference(JsonElement schema)
{
    private const string Smallest = "the smallest spec";
    private static readonly string[] Choices = ["strategy", "kind", "protocol", "type"];

    private readonly SchemaWords _words = new(schema);

    /// <summary>The page with every part between its marks made anew.</summary>
    public string Renew(string page) => Part().Replace(page, part =>
        $"<!-- generated: {part.Groups["name"].Value} -->\n{PartOf(part.Groups["name"].Value)}<!-- generated end -->");

    /// <summary>The sections that the page has parts of.</summary>
    public static IEnumerable<string> SectionsIn(string page) =>
        Part().Matches(page).Select(static part => part.Groups["name"].Value).Where(static name => name != Smallest).Select(static name => SectionOf(name).Path).Distinct(StringComparer.Ordinal);

    private static (string Path, string? Kind) SectionOf(string name)
    {
        var parts = name.Split(" for ");
        return (parts[0] == "the top level" ? string.Empty : parts[0], parts.Length > 1 ? parts[1] : null);
    }

    private string PartOf(string name)
    {
        if (name == Smallest)
            return $"```yaml\n{FlowYaml.Lines(schema.GetProperty("examples")[0])}```\n";

        var (path, kind) = SectionOf(name);
        var section = _words.Section(path);
        var rows = RowsOf(section).Where(row => path != "backend" || (row.For.Contains(',', StringComparison.Ordinal) || row.For.Length == 0 ? kind is null : row.For == kind)).ToList();
        var withFor = kind is null && rows.Exists(static row => row.For.Length > 0);
        var text = new StringBuilder(withFor ? "| key | with | type | default | meaning |\n|---|---|---|---|---|\n" : "| key | type | default | meaning |\n|---|---|---|---|\n");
        foreach (var row in rows)
            text.Append($"| `{row.Key}` | {(withFor ? $"{row.For} | " : string.Empty)}{row.Type} | {row.Default} | {row.Meaning} |\n");

        // What is under names of the user's choice has its examples where the names are.
        var named = path.EndsWith(".*", StringComparison.Ordinal) ? path[..^2] : path;
        return text.Append(ExamplesOf(named, kind, _words.Section(named))).ToString();
    }

    /// <summary>The examples of a section, under its own name.</summary>
    private static string ExamplesOf(string path, string? kind, JsonElement section)
    {
        if (path.Length == 0 || !section.TryGetProperty("examples", out var examples))
            return string.Empty;

        var name = path.Split('.')[^1];
        var shown = examples.EnumerateArray().Where(example => path != "backend" || example.GetProperty("kind").GetString() == (kind ?? "local"));
        return $"\n```yaml\n{string.Concat(shown.Select(example => FlowYaml.Section(name, example)))}```\n";
    }

    private IEnumerable<Row> RowsOf(JsonElement section)
    {
        var properties = section.GetProperty("properties");
        var required = section.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(static n => n.GetString()!).ToHashSet(StringComparer.Ordinal) : [];
        var choice = Array.Find(Choices, word => properties.TryGetProperty(word, out _));
        var kinds = choice is null ? [] : properties.GetProperty(choice).GetProperty("enum").EnumerateArray().Select(static word => word.GetString()!).ToHashSet(StringComparer.Ordinal);
        foreach (var key in properties.EnumerateObject())
        {
            var (kind, meaning) = key.Name == choice ? (string.Empty, _words.Description(key.Value)) : Prefixed(_words.Description(key.Value), kinds);
            var standard = required.Contains(key.Name) ? "required" : key.Value.TryGetProperty("default", out var value) ? $"`{FlowYaml.Flow(value)}`" : "–";
            yield return new Row(key.Name, kind, _words.Type(key.Value), standard, InCode().Replace(meaning, "`$0`"));
        }
    }

    /// <summary>A description that begins with the strategies or kinds that its key goes with, in two.</summary>
    private static (string Kinds, string Meaning) Prefixed(string description, HashSet<string> kinds)
    {
        var at = description.IndexOf(": ", StringComparison.Ordinal);
        return at > 0 && description[..at].Split(", ").All(kinds.Contains)
            ? (description[..at], char.ToUpperInvariant(description[at + 2]) + description[(at + 3)..])
            : (string.Empty, description);
    }

    [GeneratedRegex("^<!-- generated: (?<name>.*?) -->\n(.*?)<!-- generated end -->$", RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Part();

    [GeneratedRegex(@"\{\{[^}]*\}\}|\{[^}]*\}|\b[a-z]\w*_\w+\b", RegexOptions.CultureInvariant, 5000)]
    private static partial Regex InCode();

    private sealed record Row(string Key, string For, string Type, string Default, string Meaning);
}
