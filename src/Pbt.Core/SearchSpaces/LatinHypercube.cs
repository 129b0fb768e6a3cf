using System.Collections.Immutable;
using Pbt.Core.Randomness;

namespace Pbt.Core.SearchSpaces;

/// <summary>A stratified draw of a whole population from a search space.</summary>
/// <remarks>
/// Source: McKay, Beckman and Conover, "A comparison of three methods for selecting values of input variables in the
/// analysis of output from a computer code", Technometrics 21(2), 1979.
/// </remarks>
public static class LatinHypercube
{
    /// <summary>Draws so many members; in each dimension, each of as many equal parts of the prior holds one of them.</summary>
    /// <remarks>
    /// For each hyperparameter in the space's order, the stream gives the population − 1 integers of a Fisher–Yates
    /// shuffle (from the last place down), then one double for each member, its place inside its part.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The population is below 1.</exception>
    public static ImmutableArray<Hyperparameters> Design(SearchSpace space, int population, RandomStream random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(population, 1);
        var units = new double[space.Definitions.Length][];
        for (var dimension = 0; dimension < units.Length; dimension++)
            units[dimension] = Strata(population, random);

        var members = ImmutableArray.CreateBuilder<Hyperparameters>(population);
        for (var member = 0; member < population; member++)
        {
            var index = member;
            members.Add(space.Build((dimension, definition) => (definition.InitialPrior ?? definition).FromUnit(units[dimension][index])));
        }

        return members.MoveToImmutable();
    }

    private static double[] Strata(int count, RandomStream random)
    {
        var units = new double[count];
        for (var i = 0; i < count; i++)
            units[i] = i;

        for (var i = count - 1; i > 0; i--)
        {
            var other = random.NextInt(i + 1);
            (units[i], units[other]) = (units[other], units[i]);
        }

        for (var i = 0; i < count; i++)
            units[i] = (units[i] + random.NextDouble()) / count;

        return units;
    }
}
