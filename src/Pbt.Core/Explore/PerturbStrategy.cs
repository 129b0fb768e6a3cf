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
    public Hyperparameters Explore(ExploreContext context) =>
        context.Space.Build((index, definition) =>
        {
            if (context.Random.NextBool(spec.ResampleProbability))
                return definition.FromUnit(context.Random.NextDouble());

            var factor = spec.Range is { } range
                ? range.Min + ((range.Max - range.Min) * context.Random.NextDouble())
                : spec.Factors[context.Random.NextInt(spec.Factors.Length)];
            return definition.Perturb(context.From[index].Value, factor, spec.ZeroStep, context.Random);
        });
}
