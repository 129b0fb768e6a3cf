using System.Collections.Immutable;
using Pbt.Core.Studies.Reading;

namespace Pbt.Core.Studies;

/// <summary>The keys that a spec may have.</summary>
public static class SpecKeys
{
    /// <summary>
    /// The keys of each section by the section's path, such as <c>trainer.score</c>; the root's path is empty, and
    /// <c>*</c> stands for a name of the user's choice, and <c>[]</c> for an item of a list.
    /// </summary>
    public static ImmutableSortedDictionary<string, ImmutableArray<string>> BySection { get; } =
        SpecSections.All.ToImmutableSortedDictionary(static s => s.Path, static s => s.Keys, StringComparer.Ordinal);
}
