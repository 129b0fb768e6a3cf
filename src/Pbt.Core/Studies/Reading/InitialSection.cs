using System.Collections.Immutable;
using Pbt.Core.SearchSpaces;

namespace Pbt.Core.Studies.Reading;

/// <summary>Reads <c>initial</c>.</summary>
internal static class InitialSection
{
    // Far from where sums of steps overflow.
    private const long MostSteps = long.MaxValue / 2;

    private static readonly ImmutableArray<string> Strategies = ["random", "latin_hypercube", "explicit", "schedule"];

    /// <summary>Reads how members begin; the default is a random draw, or what the schedule begins with.</summary>
    public static (InitialSpec? Strategy, string? Checkpoint) Read(
        SpecValue? value, DeclaredSpace space, int? population, ExploreSpec? explore, string directory)
    {
        InitialSpec standard = explore is ScheduleExplore ? new ScheduleInitial() : new RandomInitial();
        if (value is null)
            return (standard, null);

        if (value.Section(SpecSections.Initial) is not { } section)
            return (null, null);

        var checkpoint = section.Value("checkpoint")?.AbsolutePath(directory);
        var strategy = section.Value("strategy") is { } given
            ? given.Kind(Strategies, Vocabulary.InitialToCome, "strategy of initial")
            : explore is ScheduleExplore ? "schedule" : Strategies[0];
        if (strategy is null)
            return (null, checkpoint);

        section.ReportForeign("strategy", strategy, Vocabulary.InitialKeys);
        if (explore is ScheduleExplore && strategy is not ("schedule" or "explicit"))
            section.FailKey("strategy", "the first values are those of explore's schedule; remove the strategy");
        else if (explore is not (ScheduleExplore or null) && strategy is "schedule")
            section.FailKey("strategy", "members begin with a schedule only where explore has one; write explore: { strategy: schedule, changes: […] }");

        InitialSpec? initial = strategy switch
        {
            "latin_hypercube" => new LatinHypercubeInitial(),
            "explicit" => Explicit(section, space, population, directory),
            "schedule" => new ScheduleInitial(),
            _ => new RandomInitial(),
        };
        return (initial, checkpoint);
    }

    private static ExplicitInitial? Explicit(SectionReader section, DeclaredSpace space, int? population, string directory)
    {
        const string Example = "members: [ { learning_rate: 1.0e-3 }, … ]";
        if (section.Required("members", $"write {Example}, one for each member") is not { } list || list.List(Example) is not { } items)
            return null;

        if (population is not null && items.Length != population)
            list.Fail($"there are {items.Length} members, but the population is {population}; give one for each");

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
        return [.. items.Select(item => item.Scalar?.Kind == ScalarKind.Nothing ? null : item.AbsolutePath(directory))];
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
