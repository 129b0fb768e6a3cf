using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Explore;

/// <summary>Resample: each hyperparameter is drawn anew from its prior with some probability.</summary>
/// <remarks>One draw each, and another if it is drawn anew. Source: Jaderberg et al. 2017, section 4.1.2.</remarks>
internal sealed class ResampleStrategy(ResampleExplore spec) : IExploreStrategy
{
    public Hyperparameters Explore(ExploreContext context) =>
        context.Space.Build((index, definition) =>
            context.Random.NextBool(spec.ResampleProbability) ? definition.FromUnit(context.Random.NextDouble()) : context.From[index].Value);
}
