using System.Collections.Immutable;
using System.Globalization;

namespace Pbt.Core.Studies.Reading;

/// <summary>A section that the spec knows: its path and its keys.</summary>
/// <param name="Path">Such as <c>trainer.score</c>; <c>*</c> stands for any name, the root is empty.</param>
/// <param name="Keys">Its keys, in canonical order.</param>
internal sealed record SpecSection(string Path, ImmutableArray<string> Keys);

/// <summary>Reads the known keys of one mapping.</summary>
internal sealed class SectionReader
{
    private readonly Dictionary<string, MappingEntry> _entries = new(StringComparer.Ordinal);
    private readonly MappingNode _mapping;
    private readonly SpecSection _section;

    /// <summary>Holds the mapping, and reports keys given twice.</summary>
    public SectionReader(MappingNode mapping, SpecSection section, string path, SpecErrors errors)
    {
        (_mapping, _section, Path, Errors) = (mapping, section, path, errors);
        foreach (var entry in mapping.Entries)
        {
            if (!_entries.TryAdd(entry.Key, entry))
                errors.Add(entry.KeyAt, Join(path, entry.Key), Twice(entry.Key, _entries[entry.Key].KeyAt));
        }
    }

    /// <summary>The section's path in this document.</summary>
    public string Path { get; }

    /// <summary>Where errors go.</summary>
    public SpecErrors Errors { get; }

    /// <summary>Whether the key is there.</summary>
    public bool Has(string key) => _entries.ContainsKey(Known(key));

    /// <summary>The value of a key that may be absent.</summary>
    public SpecValue? Value(string key) =>
        _entries.TryGetValue(Known(key), out var entry) ? new(entry.Value, Join(Path, key), Errors) : null;

    /// <summary>The value of a key that must be there; its absence is reported.</summary>
    /// <param name="key">The key.</param>
    /// <param name="hint">How to mend its absence: <c>write population: 16</c>.</param>
    public SpecValue? Required(string key, string hint)
    {
        if (Value(key) is { } value)
            return value;

        Errors.Add(_mapping.At, Join(Path, key), $"is missing; {hint}");
        return null;
    }

    /// <summary>Records an error about the section as a whole.</summary>
    public void Fail(string message) => Errors.Add(_mapping.At, Path, message);

    /// <summary>Records an error about a key.</summary>
    public void FailKey(string key, string message) =>
        Errors.Add(_entries.TryGetValue(key, out var entry) ? entry.KeyAt : _mapping.At, Join(Path, key), message);

    /// <summary>Reports each key that the section does not know, with the nearest one it does.</summary>
    public void ReportUnknown()
    {
        foreach (var entry in _entries.Values)
        {
            if (Errors.Full)
                return;

            if (!_section.Keys.Contains(entry.Key, StringComparer.Ordinal))
                Errors.Add(entry.KeyAt, Join(Path, entry.Key), $"unknown key '{ScalarNode.Shorten(entry.Key)}'; {Nearest.Hint(entry.Key, _section.Keys)}");
        }
    }

    /// <summary>Reports each known key that does not belong to the kind chosen.</summary>
    /// <param name="what">What is chosen: <c>strategy</c>.</param>
    /// <param name="chosen">The kind chosen.</param>
    /// <param name="keysOf">The keys of each kind, besides the one that chooses.</param>
    public void ReportForeign(string what, string chosen, IReadOnlyDictionary<string, ImmutableArray<string>> keysOf)
    {
        foreach (var key in _section.Keys)
        {
            if (!Has(key) || keysOf[chosen].Contains(key, StringComparer.Ordinal))
                continue;

            var owners = keysOf.Where(k => k.Value.Contains(key, StringComparer.Ordinal)).Select(static k => k.Key).Order(StringComparer.Ordinal).ToList();
            if (owners.Count > 0)
                FailKey(key, $"'{key}' belongs to {what} {string.Join(", ", owners)}, not to {chosen}; remove it, or change the {what}");
        }
    }

    /// <summary>The path of a key below a path.</summary>
    public static string Join(string path, string key)
    {
        var shown = ScalarNode.Shorten(key);
        return path.Length == 0 ? shown : $"{path}.{shown}";
    }

    /// <summary>The message for a key given twice.</summary>
    public static string Twice(string key, SourcePosition first) =>
        string.Create(CultureInfo.InvariantCulture, $"the key '{ScalarNode.Shorten(key)}' is given twice; the first is at line {first.Line}");

    // Guards the promise that SpecKeys, the schema and the reader agree.
    private string Known(string key) => _section.Keys.Contains(key, StringComparer.Ordinal)
        ? key
        : throw new ArgumentException($"The section '{_section.Path}' declares no key '{key}'.", nameof(key));
}
