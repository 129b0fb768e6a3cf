using Pbt.Core.Randomness;
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
    public Hyperparameters Explore(SearchSpace space, Hyperparameters from, RandomStream random) =>
        space.Build((index, definition) => random.NextBool(spec.ResampleProbability)
            ? definition.FromUnit(random.NextDouble())
            : definition.AddNoise(from[index].Value, spec.Sigma * random.NextGaussian(), spec.Unit, random));
}
