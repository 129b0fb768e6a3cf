using Pbt.Core.Randomness;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Explore;

/// <summary>Perturb: each hyperparameter is multiplied by a factor, or drawn anew.</summary>
/// <remarks>
/// In the order of the spec, for each hyperparameter: one draw says whether it is drawn anew; then one draw gives the new
/// value or the factor; stochastic rounding takes another. Source: Jaderberg et al. 2017, section 4.1.2.
/// </remarks>
internal sealed class PerturbStrategy(PerturbExplore spec) : IExploreStrategy
{
    public Hyperparameters Explore(SearchSpace space, Hyperparameters from, RandomStream random) =>
        space.Build((index, definition) =>
        {
            if (random.NextBool(spec.ResampleProbability))
                return definition.FromUnit(random.NextDouble());

            var factor = spec.Range is { } range
                ? range.Min + ((range.Max - range.Min) * random.NextDouble())
                : spec.Factors[random.NextInt(spec.Factors.Length)];
            return definition.Perturb(from[index].Value, factor, spec.ZeroStep, random);
        });
}
