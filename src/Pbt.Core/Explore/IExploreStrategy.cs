using Pbt.Core.Randomness;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Explore;

/// <summary>Moves hyperparameters.</summary>
/// <remarks>
/// Pure: the same arguments give the same answer. Implementations are stateless and thread-safe, and what they return
/// lies in the search space.
/// </remarks>
public interface IExploreStrategy
{
    /// <summary>The new hyperparameters.</summary>
    /// <param name="space">The search space.</param>
    /// <param name="from">Those they start from.</param>
    /// <param name="random">The draws of this decision.</param>
    Hyperparameters Explore(SearchSpace space, Hyperparameters from, RandomStream random);
}

/// <summary>Makes the strategy that a spec names.</summary>
public static class ExploreStrategy
{
    /// <summary>The strategy of this spec.</summary>
    public static IExploreStrategy Of(ExploreSpec spec) => spec switch
    {
        NoExplore => NoExploreStrategy.Instance,
        PerturbExplore perturb => new PerturbStrategy(perturb),
        ResampleExplore resample => new ResampleStrategy(resample),
        GaussianExplore gaussian => new GaussianStrategy(gaussian),
        _ => throw new NotSupportedException($"There is no explore strategy for {spec.GetType().Name}."),
    };
}

/// <summary>Hyperparameters stay as they are.</summary>
internal sealed class NoExploreStrategy : IExploreStrategy
{
    public static readonly NoExploreStrategy Instance = new();

    public Hyperparameters Explore(SearchSpace space, Hyperparameters from, RandomStream random) => from;
}
