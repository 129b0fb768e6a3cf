using System.Text.Json;

namespace Pbt.Docs.Tests.References;

/// <summary>Says in words what a schema allows.</summary>
internal sealed class SchemaWords(JsonElement schema)
{
    private static readonly Dictionary<string, string> Named = new(StringComparer.Ordinal)
    {
        ["duration"] = "duration",
        ["words"] = "list of texts",
        ["printed"] = "`{ regex: … }` or `{ json: … }`",
        ["command"] = "command",
        ["hook"] = "command",
        ["explore_override"] = "section",
        ["factor_bounds"] = "[least, greatest], both above 0",
        ["score"] = "section",
    };

    /// <summary>The section at a path such as <c>trainer.score</c>, <c>hyperparameters.*</c> or <c>explore.changes[]</c>.</summary>
    public JsonElement Section(string path)
    {
        var section = schema;
        foreach (var part in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = part.TrimEnd('[', ']');
            section = Follow(name == "*" ? section.GetProperty("additionalProperties") : section.GetProperty("properties").GetProperty(name));
            section = name.Length < part.Length ? section.GetProperty("items") : section;
        }

        return section;
    }

    /// <summary>What a key means.</summary>
    public string Description(JsonElement key) =>
        (key.TryGetProperty("description", out var own) ? own : Follow(key).GetProperty("description")).GetString()!;

    /// <summary>What values a key may have.</summary>
    public string Type(JsonElement key)
    {
        if (key.TryGetProperty("$ref", out var target))
            return Named[NameOf(target)];

        if (key.TryGetProperty("enum", out var words))
            return string.Join(", ", words.EnumerateArray().Select(static word => $"`{word}`"));

        if (key.TryGetProperty("type", out var type))
            return OfType(key, type);

        return key.TryGetProperty("oneOf", out var alternatives)
            ? string.Join(" or ", alternatives.EnumerateArray().Select(Type))
            : throw new InvalidOperationException($"No type in {key}");
    }

    private static string NameOf(JsonElement target) => target.GetString()!["#/$defs/".Length..];

    private string OfType(JsonElement key, JsonElement type) => type.ValueKind is JsonValueKind.Array
        ? string.Join(" or ", type.EnumerateArray().Select(one => OfType(key, one)).Distinct(StringComparer.Ordinal))
        : type.GetString() switch
        {
            "string" => "text",
            "boolean" => "true, false",
            "integer" => Ranged("integer", key),
            "number" => Ranged("number", key),
            "null" => "null",
            "array" => ListOf(key),
            "object" => key.TryGetProperty("properties", out _) ? "section" : "mapping",
            var other => throw new InvalidOperationException($"No word for {other}"),
        };

    private string ListOf(JsonElement key)
    {
        if (key.TryGetProperty("maxItems", out _))
            return "[least, greatest]";

        return $"list of {Type(key.GetProperty("items")) switch
        {
            "text" => "texts",
            "section" => "sections",
            "mapping" => "mappings",
            "number" => "numbers",
            "number or text or true, false" => "numbers, texts or bools",
            var item => item.Replace("integer", "integers", StringComparison.Ordinal).Replace("number", "numbers", StringComparison.Ordinal),
        }}";
    }

    private static string Ranged(string kind, JsonElement key)
    {
        var (least, most) = (Bound(key, "minimum"), Bound(key, "maximum"));
        var (above, below) = (Bound(key, "exclusiveMinimum"), Bound(key, "exclusiveMaximum"));
        return (least, above, most, below) switch
        {
            (not null, null, not null, null) => $"{kind} {least} … {most}",
            (not null, null, null, null) => $"{kind} ≥ {least}",
            (not null, null, null, not null) => $"{kind} ≥ {least}, below {below}",
            (null, not null, not null, null) => $"{kind} above {above}, at most {most}",
            (null, not null, null, not null) => $"{kind} above {above}, below {below}",
            (null, not null, null, null) => $"{kind} above {above}",
            _ => kind,
        };
    }

    private static string? Bound(JsonElement key, string name) => key.TryGetProperty(name, out var bound) ? bound.GetRawText() : null;

    private JsonElement Follow(JsonElement element) => element.TryGetProperty("$ref", out var target) ? schema.GetProperty("$defs").GetProperty(NameOf(target)) : element;
}
