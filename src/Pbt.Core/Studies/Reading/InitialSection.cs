using System.Collections.Immutable;
using Pbt.Core.SearchSpaces;

namespace Pbt.Core.Studies.Reading;

/// <summary>Reads <c>initial</c>.</summary>
internal static class InitialSection
{
    // Far from where sums of steps overflow.
    private const long MostSteps = long.MaxValue / 2;

    private static readonly ImmutableArray<string> Strategies = ["random", "latin_hypercube", "sobol", "mutate_defaults", "explicit", "schedule"];

    /// <summary>Reads how members begin; the default is a random draw, or what the schedule begins with.</summary>
    public static (InitialSpec? Strategy, string? Checkpoint) Read(
        SpecValue? value, DeclaredSpace space, int? population, ExploreSpec? explore, string directory)
    {
        InitialSpec standard = explore is ScheduleExplore ? new ScheduleInitial() : new RandomInitial();
        if (value is null)
            return (standard, null);

        if (value.Section(SpecSections.Initial) is not { } section)
            return (null, null);

        var checkpoint = section.Value("checkpoint")?.PathOrAddress(directory);
        var strategy = section.Value("strategy") is { } given
            ? given.Kind(Strategies, [], "strategy of initial")
            : explore is ScheduleExplore ? "schedule" : Strategies[0];
        if (strategy is null)
            return (null, checkpoint);

        section.ReportForeign("strategy", strategy, Vocabulary.InitialKeys);
        if (explore is ScheduleExplore && strategy is not ("schedule" or "explicit"))
            section.FailKey("strategy", "the first values are those of explore's schedule; remove the strategy");
        else if (explore is not (ScheduleExplore or null) && strategy is "schedule")
            section.FailKey("strategy", "members begin with a schedule only where explore has one; write explore: { strategy: schedule, changes: […] }");

        var candidates = Candidates(section, population);
        InitialSpec? initial = strategy switch
        {
            "latin_hypercube" => new LatinHypercubeInitial(),
            "sobol" => Sobol(section, space),
            "mutate_defaults" => MutateDefaults(section, space),
            "schedule" => new ScheduleInitial(),
            "explicit" => Explicit(section, space, directory, candidates ?? population, candidates is null ? "the population is" : "the candidates are"),
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

    private static ExplicitInitial? Explicit(SectionReader section, DeclaredSpace space, string directory, int? count, string what)
    {
        const string Example = "members: [ { learning_rate: 1.0e-3 }, … ]";
        if (section.Required("members", $"write {Example}, one for each member") is not { } list || list.List(Example) is not { } items)
            return null;

        if (count is not null && items.Length != count)
            list.Fail($"there are {items.Length} members, but {what} {count}; give one for each");

        // Without a search space each value would be an error: those of the definitions are enough.
        if (space.Space is null)
            return null;

        var members = ImmutableArray.CreateBuilder<Hyperparameters>();
        foreach (var item in items)
        {
            if (GivenHyperparameters.Read(item, space, "member") is { } member)
                members.Add(member);
        }

        if (members.Count < items.Length)
            return null;

        return new(members.ToImmutable())
        {
            Checkpoints = Checkpoints(section, items.Length, directory),
            CheckpointSteps = CheckpointSteps(section, items.Length),
        };
    }

    private static ImmutableArray<string?> Checkpoints(SectionReader section, int members, string directory)
    {
        if (OnePerMember(section, "checkpoints", "checkpoints: [ weights/a, weights/b, … ]; null starts a member from scratch", members) is not { } items)
            return [];

        if (section.Has("checkpoint"))
            section.FailKey("checkpoint", "both checkpoint and checkpoints are given; keep one");
        return [.. items.Select(item => item.Scalar?.Kind == ScalarKind.Nothing ? null : item.PathOrAddress(directory))];
    }

    private static ImmutableArray<long> CheckpointSteps(SectionReader section, int members)
    {
        if (OnePerMember(section, "checkpoint_steps", "checkpoint_steps: [ 1000, 1000, … ]", members) is not { } items)
            return [];

        if (!section.Has("checkpoints") && !section.Has("checkpoint"))
            section.FailKey("checkpoint_steps", "there are no checkpoints that these steps could be in; write checkpoints, too");
        return [.. items.Select(static item => item.Integer(0, MostSteps) ?? 0)];
    }

    private static ImmutableArray<SpecValue>? OnePerMember(SectionReader section, string key, string example, int members)
    {
        if (section.Value(key) is not { } list || list.List(example) is not { } items)
            return null;

        if (items.Length != members)
            list.Fail($"there are {items.Length} {key}, but {members} members; give one for each");
        return items;
    }
}
