using Pbt.Core.Randomness;

namespace Pbt.Core.SearchSpaces;

/// <summary>Independent first draws from a search space.</summary>
public static class Prior
{
    /// <summary>Draws a value for each hyperparameter, in the space's order, with one double of the stream each.</summary>
    public static Hyperparameters Sample(SearchSpace space, RandomStream random) =>
        space.Build((_, definition) => (definition.InitialPrior ?? definition).FromUnit(random.NextDouble()));
}
