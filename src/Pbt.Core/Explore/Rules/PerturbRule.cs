using Pbt.Core.Randomness;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Explore.Rules;

/// <summary>The value is multiplied by a factor.</summary>
/// <remarks>
/// One draw of the factor; of a ratio one that says whether to multiply, and one of the factor. Then one of a stochastic
/// rounding, or of another value of an unordered one. Source: Jaderberg et al. 2017, section 4.1.2; the ratio is that of
/// sample-factory and IsaacGymEnvs.
/// </remarks>
internal sealed class PerturbRule(PerturbExplore spec) : IValueRule
{
    public HyperparameterValue Move(Hyperparameter definition, HyperparameterValue value, RandomStream random)
    {
        var factor = Factor(random);
        if (definition is not (CategoricalHyperparameter or BoolHyperparameter))
            return definition.Perturb(value, factor, spec.ZeroStep, random);

        return spec.Unordered switch
        {
            UnorderedMove.Step => Neighbours.Step(definition, value, Math.Sign(factor - 1)),
            UnorderedMove.Other => Neighbours.Other(definition, value, random),
            _ => definition.Perturb(value, factor, spec.ZeroStep, random),
        };
    }

    private double Factor(RandomStream random)
    {
        if (spec.Ratio is { } ratio)
            return Factors.FromRatio(ratio, random);

        return spec.Range is { } range ? Factors.Between(range, random) : spec.Factors[random.NextInt(spec.Factors.Length)];
    }
}

/// <summary>Random factors.</summary>
internal static class Factors
{
    /// <summary>A uniform factor: one draw.</summary>
    public static double Between((double Min, double Max) range, RandomStream random) =>
        range.Min + ((range.Max - range.Min) * random.NextDouble());

    /// <summary>A uniform factor or its inverse, each as likely: one draw that says which, then one of the factor.</summary>
    public static double FromRatio((double Min, double Max) ratio, RandomStream random)
    {
        var multiplies = random.NextBool(0.5);
        var factor = Between(ratio, random);
        return multiplies ? factor : 1 / factor;
    }
}
