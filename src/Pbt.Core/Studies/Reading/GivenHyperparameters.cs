using Pbt.Core.SearchSpaces;

namespace Pbt.Core.Studies.Reading;

/// <summary>Reads a mapping of every hyperparameter of a search space to its value.</summary>
internal static class GivenHyperparameters
{
    /// <summary>The values, or null after recording what is wrong: a name unknown, missing or twice, a value out of bounds.</summary>
    /// <param name="item">The mapping.</param>
    /// <param name="space">The names declared; its space must be there.</param>
    /// <param name="what">What the mapping is, for messages: <c>member</c>.</param>
    public static Hyperparameters? Read(SpecValue item, DeclaredSpace space, string what)
    {
        if (item.Entries("its keys are the hyperparameters") is not { } entries)
            return null;

        var values = new Dictionary<string, HyperparameterValue>(StringComparer.Ordinal);
        foreach (var (name, at, value) in entries)
        {
            if (item.Errors.Full)
                return null;

            if (!space.Definitions.TryGetValue(name, out var definition))
                item.Errors.Add(at, value.Path, $"there is no hyperparameter '{ScalarNode.Shorten(name)}'; {Nearest.Hint(name, space.Names)}");
            else if (HyperparametersSection.ValueOf(definition, value) is { } read)
                values.Add(name, read);
        }

        var given = entries.Select(static e => e.Key).ToHashSet(StringComparer.Ordinal);
        var missing = space.Names.Where(n => !given.Contains(n)).ToList();
        if (missing.Count > 0)
            item.Fail($"the {what} lacks {Nearest.List(missing)}; give every hyperparameter");

        return values.Count == space.Space!.Definitions.Length ? space.Space.Build((_, definition) => values[definition.Name]) : null;
    }
}
