using System.Collections.Immutable;

namespace Pbt.Core.Studies.Reading;

/// <summary>Reads <c>explore</c>.</summary>
internal static class ExploreSection
{
    private const double MostPull = 10;

    private static readonly ImmutableArray<string> Strategies = ["perturb", "resample", "gaussian", "neighbour", "discount", "pb2", "pb2_mix", "gpbt_pl", "command", "custom", "none"];

    /// <summary>The word for a strategy.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public static string WordFor(ExploreSpec explore) => explore switch
    {
        PerturbExplore => "perturb",
        ResampleExplore => "resample",
        GaussianExplore => "gaussian",
        NeighbourExplore => "neighbour",
        DiscountExplore => "discount",
        Pb2Explore => "pb2",
        Pb2MixExplore => "pb2_mix",
        GpbtPlExplore => "gpbt_pl",
        CommandExplore => "command",
        CustomExplore => "custom",
        NoExplore => "none",
        _ => throw new ArgumentOutOfRangeException(nameof(explore), explore, "No text stands for this strategy."),
    };

    /// <summary>Reads how hyperparameters move.</summary>
    /// <param name="value">The section, or null.</param>
    /// <param name="space">The hyperparameters that there are.</param>
    /// <param name="directory">The folder of the spec.</param>
    /// <param name="standard">What holds where the section is silent; its values go only with its own strategy.</param>
    public static ExploreSpec? Read(SpecValue? value, DeclaredSpace space, string directory, ExploreSpec standard)
    {
        if (value is null)
            return standard;

        if (value.Section(SpecSections.Explore) is not { } section)
            return null;

        var usual = WordFor(standard);
        var strategy = section.Value("strategy") is { } given ? given.Kind(Strategies, [], "strategy of explore") : usual;
        if (strategy is null)
            return null;

        section.ReportForeign("strategy", strategy, Vocabulary.ExploreKeys);
        ExploreSpec? explore = strategy switch
        {
            "pb2" => new Pb2Explore(section.Value("resample_probability")?.Number(0, 1) ?? new Pb2Explore().ResampleProbability),
            "pb2_mix" => new Pb2MixExplore(),
            "gpbt_pl" => GpbtPl(section),
            "command" => Command(section, directory),
            "custom" => CustomSection.Name(section, "explore") is { } name ? new CustomExplore(name, CustomSection.Settings(section)) : null,
            "none" => new NoExplore(),
            _ => RuleSection.Read(section, strategy, standard as RuleExplore, space),
        };
        if (explore is null)
            return null;

        var when = string.Equals(strategy, usual, StringComparison.Ordinal) ? standard.When : explore.When;
        return explore with { When = section.Value("when")?.OneOf(Vocabulary.When, "time to explore") ?? when };
    }

    private static CommandExplore? Command(SectionReader section, string directory)
    {
        var command = section.Required("command", "write command: [python3, explore.py, --population, \"{population}\"]");
        var arguments = command is null ? null : CommandSection.Arguments(command, ArgumentTemplate.ExploreBuiltins);
        var workingDirectory = section.Value("working_directory") is { } path ? path.AbsolutePath(directory) : Path.GetFullPath(directory);
        var timeout = section.Value("timeout")?.Duration();
        var history = section.Value("history")?.Int(1);
        if (arguments is null || workingDirectory is null)
            return null;

        var standard = new CommandExplore { Command = arguments.Value, WorkingDirectory = workingDirectory };
        return standard with { Timeout = timeout ?? standard.Timeout, History = history ?? standard.History };
    }

    private static GpbtPlExplore GpbtPl(SectionReader section)
    {
        var standard = new GpbtPlExplore();
        return new(
            section.Value("inertia")?.Number(0, MostPull) ?? standard.Inertia,
            section.Value("attraction")?.Number(0, MostPull) ?? standard.Attraction);
    }
}
