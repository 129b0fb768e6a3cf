using Pbt.Core.Randomness;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Explore.Rules;

/// <summary>A rule, and how often something else happens instead.</summary>
internal sealed class Movement(ExploreSpec spec)
{
    private readonly RuleExplore? _spec = spec as RuleExplore;
    private readonly IValueRule _rule = Rule(spec);
    private readonly bool _drawsForResample = spec is PerturbExplore or ResampleExplore or GaussianExplore or RuleExplore { ResampleProbability: > 0 };

    /// <summary>The new value, in the definition's bounds if the old one is.</summary>
    public HyperparameterValue Move(Hyperparameter definition, HyperparameterValue value, RandomStream random)
    {
        if (_spec is null || (_spec.Probability < 1 && !random.NextBool(_spec.Probability)))
            return value;

        if (_spec.ResetProbability > 0 && definition.Default is { } standard && standard != value && random.NextBool(_spec.ResetProbability))
            return standard;

        if (_drawsForResample && random.NextBool(_spec.ResampleProbability))
            return definition.FromUnit(random.NextDouble());

        return _rule.Move(definition, value, random);
    }

    private static IValueRule Rule(ExploreSpec spec) => spec switch
    {
        PerturbExplore perturb => new PerturbRule(perturb),
        GaussianExplore gaussian => new GaussianRule(gaussian),
        NeighbourExplore => NeighbourRule.Instance,
        DiscountExplore discount => new DiscountRule(discount),
        ResampleExplore or NoExplore => KeepRule.Instance,
        _ => throw new NotSupportedException($"There is no rule for {spec.GetType().Name}."),
    };
}
