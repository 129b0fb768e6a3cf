using Pbt.Core.Studies.Reading;

namespace Pbt.Core.Studies;

/// <summary>Makes a spec from another by setting some of its keys.</summary>
public static class SpecEdit
{
    private static readonly SourcePosition Start = new(1, 1);

    /// <summary>Sets keys and reads the result by the checks of every spec; never throws for what they hold.</summary>
    /// <param name="spec">The spec to begin with.</param>
    /// <param name="settings">Each key, dotted (<c>explore.factors</c>), and its value as YAML; later ones win.</param>
    /// <param name="directory">The absolute folder that relative paths in the values are relative to.</param>
    public static SpecResult Set(StudySpec spec, IEnumerable<KeyValuePair<string, string>> settings, string directory)
    {
        var errors = new SpecErrors("--set");
        var root = JsonNodes.TryParse(SpecWriter.ToJson(spec))!;
        foreach (var (key, text) in settings)
        {
            if (Value(key, text, errors) is { } value)
                root = Set(root, key, value, errors);
        }

        if (!errors.None)
            return new SpecResult.Invalid(errors.InOrder());

        var read = StudySection.Read(new SpecValue(root, "", errors), directory);
        return read is not null && errors.None ? new SpecResult.Valid(read) : new SpecResult.Invalid(errors.InOrder());
    }

    /// <summary>Sets a key, dotted, to a value; a key that is new stands at the value's place.</summary>
    internal static SpecNode Set(SpecNode root, string key, SpecNode value, SpecErrors errors) => Set(root, key, key.Split('.'), value, errors);

    private static SpecNode? Value(string key, string text, SpecErrors errors)
    {
        // On a line of its own, so that what is no mapping is read, too.
        var parsing = new SpecErrors("--set");
        if (YamlNodes.Parse($"value: {text}", parsing) is MappingNode { Entries: [var only] })
            return only.Value;

        errors.Add(Start, key, parsing.None ? "the value is more than one" : parsing.InOrder()[0].Message);
        return null;
    }

    private static SpecNode Set(SpecNode node, string key, ReadOnlySpan<string> path, SpecNode value, SpecErrors errors)
    {
        if (path.IsEmpty)
            return value;

        if (node is not MappingNode mapping)
        {
            errors.Add(value.At, key, $"there is no such key: '{path[0]}' would be below {node.Describe()}");
            return node;
        }

        // A hyperparameter's name may have dots.
        var (at, length) = (-1, path.Length + 1);
        while (at < 0 && length > 1)
            at = Find(mapping, string.Join('.', path[..--length]));

        var below = at < 0 ? new MappingNode(value.At, []) : mapping.Entries[at].Value;
        var keyAt = at < 0 || length == path.Length ? value.At : mapping.Entries[at].KeyAt;
        var changed = new MappingEntry(string.Join('.', path[..length]), keyAt, Set(below, key, path[length..], value, errors));
        return new MappingNode(mapping.At, at < 0 ? mapping.Entries.Add(changed) : mapping.Entries.SetItem(at, changed));
    }

    private static int Find(MappingNode mapping, string key)
    {
        for (var i = 0; i < mapping.Entries.Length; i++)
        {
            if (string.Equals(mapping.Entries[i].Key, key, StringComparison.Ordinal))
                return i;
        }

        return -1;
    }
}
