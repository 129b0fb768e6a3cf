using Pbt.Core.Randomness;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Explore.Rules;

/// <summary>Moves the value of one hyperparameter.</summary>
/// <remarks>Pure and thread-safe. How many draws each takes is part of the frozen scheme.</remarks>
internal interface IValueRule
{
    /// <summary>The new value; a value that the rule does not understand stays.</summary>
    HyperparameterValue Move(Hyperparameter definition, HyperparameterValue value, RandomStream random);
}

/// <summary>The value stays; no draw.</summary>
internal sealed class KeepRule : IValueRule
{
    public static readonly KeepRule Instance = new();

    public HyperparameterValue Move(Hyperparameter definition, HyperparameterValue value, RandomStream random) => value;
}

/// <summary>Normal noise in the value's own scale: two draws, and one of a stochastic rounding.</summary>
/// <remarks>Source: the toy of Jaderberg et al. 2017, figure 2.</remarks>
internal sealed class GaussianRule(GaussianExplore spec) : IValueRule
{
    public HyperparameterValue Move(Hyperparameter definition, HyperparameterValue value, RandomStream random) =>
        definition.AddNoise(value, spec.Sigma * random.NextGaussian(), spec.Unit, random);
}

/// <summary>One step up or down: one draw.</summary>
/// <remarks>Source: the mutation of mini_epochs in IsaacGymEnvs; Ray Tune's lists.</remarks>
internal sealed class NeighbourRule : IValueRule
{
    public static readonly NeighbourRule Instance = new();

    public HyperparameterValue Move(Hyperparameter definition, HyperparameterValue value, RandomStream random) =>
        Neighbours.Step(definition, value, random.NextBool(0.5) ? 1 : -1);
}

/// <summary>1 less the value is multiplied or divided: one draw that says which, and one of the factor.</summary>
/// <remarks>Source: mutate_discount in IsaacGymEnvs.</remarks>
internal sealed class DiscountRule(DiscountExplore spec) : IValueRule
{
    public HyperparameterValue Move(Hyperparameter definition, HyperparameterValue value, RandomStream random)
    {
        var factor = Factors.FromRatio(spec.Ratio, random);
        return definition is FloatHyperparameter real ? real.PerturbRest(value, factor, spec.ZeroStep) : value;
    }
}
