using System.Collections.Immutable;
using Pbt.Core.Randomness;

namespace Pbt.Core.SearchSpaces;

/// <summary>Placeholder until the search spaces land.</summary>
public static class Prior
{
    /// <summary>Draws each.</summary>
    public static Hyperparameters Sample(SearchSpace space, RandomStream random) =>
        space.Build((_, d) => d.FromUnit(random.NextDouble()));
}

/// <summary>Placeholder until the search spaces land.</summary>
public static class LatinHypercube
{
    /// <summary>Draws each.</summary>
    public static ImmutableArray<Hyperparameters> Design(SearchSpace space, int population, RandomStream random) =>
        [.. Enumerable.Range(0, population).Select(_ => Prior.Sample(space, random))];
}
