using System.Collections.Immutable;
using System.Globalization;
using Pbt.Core.Studies;
using Pbt.Core.Studies.Reading;

namespace Pbt.Core.Sweeps;

/// <summary>Names studies by the values that differ between them.</summary>
internal static class SweepNames
{
    private const int LongestValue = 24;

    /// <summary>A name for each combination: all different and fit for a study, if the base name is.</summary>
    /// <remarks>
    /// The base name, then each key that differs and its value. A value whose text is unfit, long or the same as another's
    /// counts by its place among the values of its key; where the whole is too long, by that of the combination.
    /// </remarks>
    public static ImmutableArray<string> Of(string name, IReadOnlyList<ImmutableArray<SweepSetting>> combinations)
    {
        var parts = Differing(combinations);
        var names = combinations.Select(settings => string.Join('-', settings.Select(s => parts.GetValueOrDefault((s.Key, NodeText.Of(s.Value)))).OfType<string>().Prepend(name))).ToImmutableArray();
        if (names.Distinct(StringComparer.Ordinal).Count() == names.Length && names.All(static n => SpecNames.StudyObjection(n) is null))
            return names;

        var digits = combinations.Count.ToString(CultureInfo.InvariantCulture).Length;
        return [.. combinations.Select((_, i) => $"{name}-{(i + 1).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0')}")];
    }

    /// <summary>The name by a template, or null with the reason.</summary>
    /// <param name="template">Its placeholders are <c>{name}</c>, the spec's own, and keys.</param>
    /// <param name="name">The spec's own.</param>
    /// <param name="settings">What is set, the last first to be found.</param>
    /// <param name="objection">A clause, where null is returned.</param>
    public static string? By(ArgumentTemplate template, string name, IReadOnlyList<SweepSetting> settings, out string? objection)
    {
        objection = null;
        foreach (var key in template.Placeholders.Where(static p => p is not "name"))
        {
            if (!settings.Any(s => Same(s.Key, key)))
                objection = $"{{{ScalarNode.Shorten(key)}}} is not set here; {Nearest.Hint(key, [.. settings.Select(static s => s.Key), "name"])}";
            else if (Slug(NodeText.Of(settings.Last(s => Same(s.Key, key)).Value), int.MaxValue) is null)
                objection = $"the value of {{{ScalarNode.Shorten(key)}}} has nothing that a name may have; leave the placeholder out, or all of name";
        }

        if (objection is not null)
            return null;

        var made = template.Expand(p => p is "name" ? name : Slug(NodeText.Of(settings.Last(s => Same(s.Key, p)).Value), int.MaxValue)!);
        if (SpecNames.StudyObjection(made) is { } wrong)
            objection = $"'{ScalarNode.Shorten(made)}': {wrong}";

        return objection is null ? made : null;
    }

    /// <summary>The part of a name for each value of each key that differs.</summary>
    private static Dictionary<(string Key, string Value), string> Differing(IReadOnlyList<ImmutableArray<SweepSetting>> combinations)
    {
        var keys = combinations.SelectMany(static c => c).GroupBy(static s => s.Key, StringComparer.Ordinal)
            .Select(group => (group.Key, Values: group.Select(static s => NodeText.Of(s.Value)).Distinct(StringComparer.Ordinal).ToList(), Count: group.Count()))
            .Where(key => key.Values.Count > 1 || key.Count < combinations.Count)
            .ToList();
        var parts = new Dictionary<(string Key, string Value), string>();
        foreach (var (key, values, _) in keys)
        {
            var label = Label(key, [.. keys.Select(static k => k.Key).Where(other => !Same(other, key))]);
            var slugs = values.Select(static v => Slug(v, LongestValue)).ToList();
            var isClear = !slugs.Contains(null) && slugs.Distinct(StringComparer.Ordinal).Count() == slugs.Count;
            for (var i = 0; i < values.Count; i++)
                parts[(key, values[i])] = label + (isClear ? slugs[i] : (i + 1).ToString(CultureInfo.InvariantCulture));
        }

        return parts;
    }

    /// <summary>The shortest end of a dotted key that no other key has.</summary>
    private static string Label(string key, IReadOnlyCollection<string> others)
    {
        var segments = key.Split('.');
        for (var from = segments.Length - 1; from > 0; from--)
        {
            var end = string.Join('.', segments[from..]);
            if (!others.Any(other => Same(other, end) || other.EndsWith("." + end, StringComparison.Ordinal)))
                return Slug(end, int.MaxValue) ?? end;
        }

        return Slug(key, int.MaxValue) ?? key;
    }

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.Ordinal);

    /// <summary>The text as a part of a name, or null if there is none: what no name may have parts what it may have.</summary>
    private static string? Slug(string text, int longest)
    {
        var kept = string.Concat(text.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-' ? c : ' '));
        var slug = string.Join('-', kept.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return slug.Length is 0 || slug.Length > longest ? null : slug;
    }
}
