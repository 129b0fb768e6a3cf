using System.Collections.Immutable;
using Pbt.Core.Studies.Reading;

namespace Pbt.Core.Sweeps;

/// <summary>The sections of a sweep and their keys, in canonical order.</summary>
internal static class SweepSections
{
    public static readonly SpecSection Root = new("", ["name", "at_once", "seeds", "set", "studies"]);
    public static readonly SpecSection Entry = new("studies[]", ["spec", "name", "set", "list", "grid", "seeds"]);
}

/// <summary>The keys that a sweep may have.</summary>
public static class SweepKeys
{
    /// <summary>The keys of each section by its path; the root's is empty, and <c>studies[]</c> is an item of that list.</summary>
    public static ImmutableSortedDictionary<string, ImmutableArray<string>> BySection { get; } =
        new[] { SweepSections.Root, SweepSections.Entry }.ToImmutableSortedDictionary(static s => s.Path, static s => s.Keys, StringComparer.Ordinal);
}
