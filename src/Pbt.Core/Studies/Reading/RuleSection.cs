using System.Collections.Immutable;
using Pbt.Core.SearchSpaces;

namespace Pbt.Core.Studies.Reading;

/// <summary>Reads how each hyperparameter moves by a rule: <c>explore</c> and its <c>overrides</c>.</summary>
internal static class RuleSection
{
    private const string OverridesHint = "its keys are hyperparameters: overrides: { gamma: { strategy: discount } }";

    private static readonly ImmutableArray<string> Strategies = ["perturb", "resample", "gaussian", "neighbour", "discount", "none"];

    private static readonly ImmutableArray<string> FactorKeys = ["factors", "range", "ratio"];

    /// <summary>Reads the section's rule and those of single hyperparameters.</summary>
    /// <param name="section">The section.</param>
    /// <param name="strategy">One of the rules.</param>
    /// <param name="standard">What holds where the section is silent; its values go only with its own strategy.</param>
    /// <param name="space">The hyperparameters that there are.</param>
    public static RuleExplore Read(SectionReader section, string strategy, RuleExplore? standard, DeclaredSpace space)
    {
        var usual = standard is not null && string.Equals(ExploreSection.WordFor(standard), strategy, StringComparison.Ordinal) ? standard : New(strategy);
        var rule = Rule(section, usual);
        var overrides = section.Value("overrides") is { } value ? Overrides(value, rule, space) : usual.Overrides;
        foreach (var definition in space.Space?.Definitions ?? [])
        {
            if (!overrides.ContainsKey(definition.Name) && Objection(rule, definition) is { } objection)
                section.FailKey("strategy", $"{objection}: give it another strategy in overrides, such as overrides: {{ {definition.Name}: {{ strategy: perturb }} }}");
        }

        return rule with { Overrides = overrides };
    }

    private static RuleExplore New(string strategy) => strategy switch
    {
        "perturb" => new PerturbExplore(),
        "resample" => new ResampleExplore(),
        "gaussian" => new GaussianExplore(),
        "neighbour" => new NeighbourExplore(),
        "discount" => new DiscountExplore(),
        _ => throw new ArgumentOutOfRangeException(nameof(strategy), strategy, "This is no rule."),
    };

    private static RuleExplore Rule(SectionReader section, RuleExplore standard)
    {
        var rule = standard switch
        {
            PerturbExplore perturb => Perturb(section, perturb),
            GaussianExplore gaussian => gaussian with
            {
                Sigma = section.Value("sigma")?.Positive() ?? gaussian.Sigma,
                Unit = section.Value("sigma_unit")?.OneOf(Vocabulary.SigmaUnit, "unit of sigma") ?? gaussian.Unit,
            },
            DiscountExplore discount => discount with { Ratio = Range(section.Value("ratio")) ?? discount.Ratio, ZeroStep = ZeroStep(section) ?? discount.ZeroStep },
            _ => standard,
        };
        return rule with
        {
            Probability = section.Value("probability")?.Number(0, 1) ?? rule.Probability,
            ResampleProbability = section.Value("resample_probability")?.Number(0, 1) ?? rule.ResampleProbability,
            ResetProbability = section.Value("reset_probability")?.Number(0, 1) ?? rule.ResetProbability,
        };
    }

    private static PerturbExplore Perturb(SectionReader section, PerturbExplore standard)
    {
        var given = FactorKeys.Where(section.Has).ToList();
        foreach (var surplus in given.Skip(1))
            section.FailKey(surplus, $"both {given[0]} and {surplus} are given; keep one");

        return standard with
        {
            Factors = Factors(section.Value("factors")) ?? standard.Factors,
            Range = given.Count == 0 ? standard.Range : Range(section.Value("range")),
            Ratio = given.Count == 0 ? standard.Ratio : Range(section.Value("ratio")),
            Unordered = section.Value("unordered")?.OneOf(Vocabulary.Unordered, "move of unordered values") ?? standard.Unordered,
            ZeroStep = ZeroStep(section) ?? standard.ZeroStep,
        };
    }

    private static ImmutableSortedDictionary<string, ExploreSpec> Overrides(SpecValue value, RuleExplore whole, DeclaredSpace space)
    {
        var overrides = ImmutableSortedDictionary.CreateBuilder<string, ExploreSpec>(StringComparer.Ordinal);
        foreach (var (name, at, given) in value.Entries(OverridesHint) ?? [])
        {
            if (!space.Has(name))
                value.Errors.Add(at, given.Path, $"there is no hyperparameter '{ScalarNode.Shorten(name)}'; {Nearest.Hint(name, space.Names)}");
            else if (Override(given, whole) is { } rule)
                overrides[name] = Checked(given, rule, space.Space?.Find(name));
        }

        return overrides.ToImmutable();
    }

    private static ExploreSpec? Override(SpecValue value, RuleExplore whole)
    {
        if (value.Section(SpecSections.ExploreOverride) is not { } section)
            return null;

        var strategy = section.Required("strategy", $"write one of {string.Join(", ", Strategies)}")?.Kind(Strategies, [], "strategy of an override");
        if (strategy is null)
            return null;

        section.ReportForeign("strategy", strategy, Vocabulary.OverrideKeys);
        return string.Equals(strategy, "none", StringComparison.Ordinal)
            ? new NoExplore()
            : Rule(section, New(strategy) with { Probability = whole.Probability, ResampleProbability = whole.ResampleProbability, ResetProbability = whole.ResetProbability });
    }

    private static ExploreSpec Checked(SpecValue value, ExploreSpec rule, Hyperparameter? definition)
    {
        if (definition is not null && Objection(rule, definition) is { } objection)
            value.Fail($"{objection}; choose another strategy");

        return rule;
    }

    private static string? Objection(ExploreSpec rule, Hyperparameter definition) => (rule, definition) switch
    {
        (NeighbourExplore, FloatHyperparameter) => $"neighbour steps between ints and listed values, and '{definition.Name}' is a float",
        (DiscountExplore, not FloatHyperparameter) => $"discount moves floats, and '{definition.Name}' is {definition.Describe()}",
        _ => null,
    };

    private static double? ZeroStep(SectionReader section) => section.Value("zero_step")?.Number(0, 1);

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
        var example = value is not null && value.Path.EndsWith("ratio", StringComparison.Ordinal) ? "ratio: [1.1, 1.5]" : "range: [0.8, 1.2]";
        if (value?.List(example) is not { } items)
            return null;

        if (items is not [var low, var high])
        {
            value.Fail($"a range has two factors, the least and the greatest; write {example}");
            return null;
        }

        if (low.Positive() is not { } min || high.Positive() is not { } max)
            return null;

        if (min > max)
            value.Fail($"{SpecNumber.Plain(min)} is above {SpecNumber.Plain(max)}; swap them");
        return (min, max);
    }
}
