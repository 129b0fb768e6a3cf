using System.Text.Json;

namespace Pbt.Core.Studies;

/// <summary>One key whose value differs between two specs.</summary>
/// <param name="Path">The key, such as <c>trainer.env.OMP_NUM_THREADS</c>.</param>
/// <param name="Old">The value before, or null where there was none.</param>
/// <param name="New">The value after, or null where there is none.</param>
public sealed record SpecChange(string Path, string? Old, string? New)
{
    /// <summary>Whether the change is to this key or to one below it, as <c>--accept-change trainer.env</c> names it.</summary>
    public bool IsIn(string path) =>
        Path.StartsWith(path, StringComparison.Ordinal) && (Path.Length == path.Length || Path[path.Length] == '.');

    /// <summary>The change in words: <c>population: 8 → 16</c>.</summary>
    public override string ToString() => $"{Path}: {Old ?? "(not set)"} → {New ?? "(not set)"}";
}

/// <summary>Finds what differs between two specs.</summary>
public static class SpecDifference
{
    /// <summary>The keys whose values differ, in the order of the canonical form.</summary>
    /// <remarks>
    /// A list is one value. The order of hyperparameters counts, as draws depend on it: where it alone differs, the
    /// change is to <c>hyperparameters</c> as a whole.
    /// </remarks>
    public static IReadOnlyList<SpecChange> Between(StudySpec old, StudySpec @new)
    {
        var before = Flatten(old);
        var after = Flatten(@new);
        var newValues = after.ToDictionary(StringComparer.Ordinal);
        var oldKeys = before.Select(static e => e.Key).ToHashSet(StringComparer.Ordinal);

        var changes = new List<SpecChange>();
        foreach (var (path, value) in before)
        {
            var now = newValues.GetValueOrDefault(path);
            if (!string.Equals(value, now, StringComparison.Ordinal))
                changes.Add(new(path, value, now));
        }

        changes.AddRange(after.Where(e => !oldKeys.Contains(e.Key)).Select(static e => new SpecChange(e.Key, null, e.Value)));
        if (Reordered(Names(old), Names(@new)))
            changes.Add(new("hyperparameters", string.Join(", ", Names(old)), string.Join(", ", Names(@new))));

        return changes;
    }

    private static List<string> Names(StudySpec spec) => [.. spec.Hyperparameters.Definitions.Select(static d => d.Name)];

    private static bool Reordered(List<string> before, List<string> after) =>
        !before.SequenceEqual(after, StringComparer.Ordinal)
        && before.Order(StringComparer.Ordinal).SequenceEqual(after.Order(StringComparer.Ordinal), StringComparer.Ordinal);

    private static List<KeyValuePair<string, string>> Flatten(StudySpec spec)
    {
        using var document = JsonDocument.Parse(SpecWriter.ToJson(spec));
        var values = new List<KeyValuePair<string, string>>();
        Flatten(document.RootElement, "", values);
        return values;
    }

    private static void Flatten(JsonElement element, string path, List<KeyValuePair<string, string>> values)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                    Flatten(property.Value, path.Length == 0 ? property.Name : $"{path}.{property.Name}", values);
                break;
            case JsonValueKind.String:
                values.Add(new(path, element.GetString()!));
                break;
            default:
                values.Add(new(path, element.GetRawText()));
                break;
        }
    }
}
