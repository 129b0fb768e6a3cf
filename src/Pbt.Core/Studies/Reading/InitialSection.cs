using System.Collections.Immutable;
using Pbt.Core.SearchSpaces;

namespace Pbt.Core.Studies.Reading;

/// <summary>Reads <c>initial</c>.</summary>
internal static class InitialSection
{
    private static readonly ImmutableArray<string> Strategies = ["random", "latin_hypercube", "sobol", "mutate_defaults", "explicit"];

    /// <summary>Reads how members begin; the default is a random draw.</summary>
    public static (InitialSpec? Strategy, string? Checkpoint) Read(SpecValue? value, DeclaredSpace space, int? population, string directory)
    {
        if (value is null)
            return (new RandomInitial(), null);

        if (value.Section(SpecSections.Initial) is not { } section)
            return (null, null);

        var checkpoint = section.Value("checkpoint")?.AbsolutePath(directory);
        var strategy = section.Value("strategy") is { } given
            ? given.Kind(Strategies, [], "strategy of initial")
            : Strategies[0];
        if (strategy is null)
            return (null, checkpoint);

        section.ReportForeign("strategy", strategy, Vocabulary.InitialKeys);
        var candidates = Candidates(section, population);
        InitialSpec? initial = strategy switch
        {
            "latin_hypercube" => new LatinHypercubeInitial(),
            "sobol" => Sobol(section, space),
            "mutate_defaults" => MutateDefaults(section, space),
            "explicit" => Explicit(section, space, candidates ?? population, candidates is null ? "the population is" : "the candidates are"),
            _ => new RandomInitial(),
        };
        var intervals = section.Value("candidate_intervals")?.Int(1) ?? new RandomInitial().CandidateIntervals;
        if (section.Has("candidate_intervals") && !section.Has("candidates"))
            section.FailKey("candidate_intervals", "there are no candidates; write candidates too, or remove it");

        return (initial is null ? null : initial with { Candidates = candidates, CandidateIntervals = intervals }, checkpoint);
    }

    private static int? Candidates(SectionReader section, int? population)
    {
        if (section.Value("candidates") is not { } value || value.Int(1, StudySection.LargestPopulation) is not { } candidates)
            return null;

        if (candidates <= population)
            value.Fail($"{candidates} candidates are no more than the population of {population}; write more, or remove candidates");

        return candidates;
    }

    private static SobolInitial Sobol(SectionReader section, DeclaredSpace space)
    {
        if (space.Names.Length > SobolDesign.MaxDimensions)
            section.FailKey("strategy", $"sobol is for at most {SobolDesign.MaxDimensions} hyperparameters, and there are {space.Names.Length}; write strategy: latin_hypercube");

        return new();
    }

    private static MutateDefaultsInitial MutateDefaults(SectionReader section, DeclaredSpace space)
    {
        var lacking = space.Space?.Definitions.Where(static d => d.Default is null).Select(static d => d.Name).ToList() ?? [];
        if (lacking.Count > 0)
            section.FailKey("strategy", $"mutate_defaults begins from the defaults, and there is none for {Nearest.List(lacking)}; write default: VALUE in each definition");

        return new();
    }

    private static ExplicitInitial? Explicit(SectionReader section, DeclaredSpace space, int? count, string what)
    {
        const string Example = "members: [ { learning_rate: 1.0e-3 }, … ]";
        if (section.Required("members", $"write {Example}, one for each member") is not { } list || list.List(Example) is not { } items)
            return null;

        if (count is not null && items.Length != count)
            list.Fail($"there are {items.Length} members, but {what} {count}; give one for each");

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
            else if (HyperparametersSection.ValueOf(definition, value) is { } read)
                values.Add(name, read);
        }

        var given = entries.Select(static e => e.Key).ToHashSet(StringComparer.Ordinal);
        var missing = space.Names.Where(n => !given.Contains(n)).ToList();
        if (missing.Count > 0)
            item.Fail($"the member lacks {Nearest.List(missing)}; give every hyperparameter");

        return values.Count == definitions.Count ? space.Space!.Build((_, definition) => values[definition.Name]) : null;
    }
}
