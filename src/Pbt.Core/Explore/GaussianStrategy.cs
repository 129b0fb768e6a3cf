using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Explore;

/// <summary>Gaussian: normal noise is added to each hyperparameter in its own scale.</summary>
/// <remarks>
/// In the order of the spec, for each hyperparameter: one draw says whether it is drawn anew; then one draw gives the new
/// value, or two the noise; stochastic rounding takes another. Source: the toy of Jaderberg et al. 2017, figure 2.
/// </remarks>
internal sealed class GaussianStrategy(GaussianExplore spec) : IExploreStrategy
{
    public Hyperparameters Explore(ExploreContext context) =>
        context.Space.Build((index, definition) => context.Random.NextBool(spec.ResampleProbability)
            ? definition.FromUnit(context.Random.NextDouble())
            : definition.AddNoise(context.From[index].Value, spec.Sigma * context.Random.NextGaussian(), spec.Unit, context.Random));
}
