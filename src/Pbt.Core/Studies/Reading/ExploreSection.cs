using System.Collections.Immutable;

namespace Pbt.Core.Studies.Reading;

/// <summary>Reads <c>explore</c>.</summary>
internal static class ExploreSection
{
    private const double MostPull = 10;

    private static readonly ImmutableArray<string> Strategies = ["perturb", "resample", "gaussian", "pb2", "pb2_mix", "gpbt_pl", "command", "custom", "none"];

    /// <summary>Reads how hyperparameters move; the default is to perturb.</summary>
    public static ExploreSpec? Read(SpecValue? value, string directory)
    {
        if (value is null)
            return new PerturbExplore();

        if (value.Section(SpecSections.Explore) is not { } section)
            return null;

        var strategy = section.Value("strategy") is { } given ? given.Kind(Strategies, [], "strategy of explore") : Strategies[0];
        if (strategy is null)
            return null;

        section.ReportForeign("strategy", strategy, Vocabulary.ExploreKeys);
        ExploreSpec? explore = strategy switch
        {
            "perturb" => Perturb(section),
            "resample" => new ResampleExplore(Probability(section) ?? new ResampleExplore().ResampleProbability),
            "gaussian" => Gaussian(section),
            "pb2" => new Pb2Explore(Probability(section) ?? new Pb2Explore().ResampleProbability),
            "pb2_mix" => new Pb2MixExplore(),
            "gpbt_pl" => GpbtPl(section),
            "command" => Command(section, directory),
            "custom" => CustomSection.Name(section, "explore") is { } name ? new CustomExplore(name, CustomSection.Settings(section)) : null,
            _ => new NoExplore(),
        };
        var when = section.Value("when")?.OneOf(Vocabulary.When, "time to explore");
        return explore is null ? null : explore with { When = when ?? explore.When };
    }

    private static PerturbExplore Perturb(SectionReader section)
    {
        var standard = new PerturbExplore();
        if (section.Has("factors") && section.Has("range"))
            section.FailKey("range", "both factors and range are given; keep one");

        return new()
        {
            Factors = Factors(section.Value("factors")) ?? standard.Factors,
            Range = Range(section.Value("range")),
            ResampleProbability = Probability(section) ?? standard.ResampleProbability,
            ZeroStep = section.Value("zero_step")?.Number(0, 1) ?? standard.ZeroStep,
        };
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

    private static GaussianExplore Gaussian(SectionReader section)
    {
        var standard = new GaussianExplore();
        return new(
            section.Value("sigma")?.Positive() ?? standard.Sigma,
            section.Value("sigma_unit")?.OneOf(Vocabulary.SigmaUnit, "unit of sigma") ?? standard.Unit,
            Probability(section) ?? standard.ResampleProbability);
    }

    private static GpbtPlExplore GpbtPl(SectionReader section)
    {
        var standard = new GpbtPlExplore();
        return new(
            section.Value("inertia")?.Number(0, MostPull) ?? standard.Inertia,
            section.Value("attraction")?.Number(0, MostPull) ?? standard.Attraction);
    }

    private static double? Probability(SectionReader section) => section.Value("resample_probability")?.Number(0, 1);

    private static ImmutableArray<double>? Factors(SpecValue? value)
    {
        if (value?.List("factors: [0.8, 1.2]") is not { } items)
            return null;

        if (items.Length == 0)
            value.Fail("there are no factors; write factors: [0.8, 1.2]");
        return [.. items.Select(static i => i.Positive() ?? 1)];
    }

    private static (double Min, double Max)? Range(SpecValue? value)
    {
        const string Example = "range: [0.8, 1.2]";
        if (value?.List(Example) is not { } items)
            return null;

        if (items is not [var low, var high])
        {
            value.Fail($"a range has two factors, the least and the greatest; write {Example}");
            return null;
        }

        if (low.Positive() is not { } min || high.Positive() is not { } max)
            return null;

        if (min > max)
            value.Fail($"{SpecNumber.Plain(min)} is above {SpecNumber.Plain(max)}; swap them");
        return (min, max);
    }
}
