using System.Collections.Immutable;
using Pbt.Core.SearchSpaces;

namespace Pbt.Core.Studies.Reading;

/// <summary>Reads <c>initial</c>.</summary>
internal static class InitialSection
{
    private static readonly ImmutableArray<string> Strategies = ["random", "latin_hypercube", "explicit"];

    /// <summary>Reads how members begin; the default is a random draw.</summary>
    public static (InitialSpec? Strategy, string? Checkpoint) Read(SpecValue? value, DeclaredSpace space, int? population, string directory)
    {
        if (value is null)
            return (new RandomInitial(), null);

        if (value.Section(SpecSections.Initial) is not { } section)
            return (null, null);

        var checkpoint = section.Value("checkpoint")?.AbsolutePath(directory);
        var strategy = section.Value("strategy") is { } given
            ? given.Kind(Strategies, Vocabulary.InitialToCome, "strategy of initial")
            : Strategies[0];
        if (strategy is null)
            return (null, checkpoint);

        section.ReportForeign("strategy", strategy, Vocabulary.InitialKeys);
        InitialSpec? initial = strategy switch
        {
            "latin_hypercube" => new LatinHypercubeInitial(),
            "explicit" => Explicit(section, space, population),
            _ => new RandomInitial(),
        };
        return (initial, checkpoint);
    }

    private static ExplicitInitial? Explicit(SectionReader section, DeclaredSpace space, int? population)
    {
        const string Example = "members: [ { learning_rate: 1.0e-3 }, … ]";
        if (section.Required("members", $"write {Example}, one for each member") is not { } list || list.List(Example) is not { } items)
            return null;

        if (population is not null && items.Length != population)
            list.Fail($"there are {items.Length} members, but the population is {population}; give one for each");

        // Without a search space each value would be an error: those of the definitions are enough.
        if (space.Space is null)
            return null;

        var definitions = space.Space.Definitions.ToDictionary(static d => d.Name, StringComparer.Ordinal);
        var members = ImmutableArray.CreateBuilder<Hyperparameters>();
        foreach (var item in items)
        {
            if (Member(item, space, definitions) is { } member)
                members.Add(member);
        }

        return members.Count == items.Length ? new(members.ToImmutable()) : null;
    }

    private static Hyperparameters? Member(SpecValue item, DeclaredSpace space, Dictionary<string, Hyperparameter> definitions)
    {
        if (item.Entries("its keys are the hyperparameters") is not { } entries)
            return null;

        var values = new Dictionary<string, HyperparameterValue>(StringComparer.Ordinal);
        foreach (var (name, at, value) in entries)
        {
            if (item.Errors.Full)
                return null;

            if (!definitions.TryGetValue(name, out var definition))
                item.Errors.Add(at, value.Path, $"there is no hyperparameter '{ScalarNode.Shorten(name)}'; {Nearest.Hint(name, space.Names)}");
            else if (Value(definition, value) is { } read)
                values.Add(name, read);
        }

        var given = entries.Select(static e => e.Key).ToHashSet(StringComparer.Ordinal);
        var missing = space.Names.Where(n => !given.Contains(n)).ToList();
        if (missing.Count > 0)
            item.Fail($"the member lacks {Nearest.List(missing)}; give every hyperparameter");

        return values.Count == definitions.Count ? space.Space!.Build((_, definition) => values[definition.Name]) : null;
    }

    private static HyperparameterValue? Value(Hyperparameter definition, SpecValue value)
    {
        if (HyperparametersSection.AnyValue(value) is not { } read)
            return null;

        // 1 is written for 1.0 where only the float can be meant.
        if (!definition.Contains(read) && read.Kind == HyperparameterValueKind.Int && value.Number() is { } number)
            read = definition.Contains(HyperparameterValue.Of(number)) ? HyperparameterValue.Of(number) : read;

        if (definition.Contains(read))
            return read;

        value.Fail($"{value.Node.Describe()} is not {definition.Describe()}");
        return null;
    }
}
