using Pbt.Core.Randomness;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Explore;

/// <summary>Resample: each hyperparameter is drawn anew from its prior with some probability.</summary>
/// <remarks>One draw each, and another if it is drawn anew. Source: Jaderberg et al. 2017, section 4.1.2.</remarks>
internal sealed class ResampleStrategy(ResampleExplore spec) : IExploreStrategy
{
    public Hyperparameters Explore(SearchSpace space, Hyperparameters from, RandomStream random) =>
        space.Build((index, definition) =>
            random.NextBool(spec.ResampleProbability) ? definition.FromUnit(random.NextDouble()) : from[index].Value);
}
