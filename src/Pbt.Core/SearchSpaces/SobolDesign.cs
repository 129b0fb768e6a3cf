using System.Collections.Immutable;
using Pbt.Core.Randomness;

namespace Pbt.Core.SearchSpaces;

/// <summary>The first points of a scrambled Sobol sequence: even in every dimension, and together.</summary>
/// <remarks>
/// Sources: Sobol' 1967; direction numbers of Joe and Kuo 2008; Owen, "Randomly permuted (t,m,s)-nets and (t,s)-sequences",
/// 1995: each binary digit of a coordinate is flipped by a random bit of the digits before it, so points keep their
/// stratification and each by itself is uniform.
/// </remarks>
public static class SobolDesign
{
    /// <summary>The most hyperparameters.</summary>
    public const int MaxDimensions = SobolDirections.Dimensions;

    /// <summary>The most points.</summary>
    public const int MaxPoints = 1 << Digits;

    // Of the Sobol sequence: points below 2^17 differ within them. What follows is a draw for each point.
    private const int Digits = 17;
    private const int RestDigits = 53 - Digits;

    /// <summary>So many members; a design of more begins with the same ones.</summary>
    /// <remarks>
    /// Keyed by the purpose <see cref="RandomPurpose.InitialDesign"/> with the dimension as member. Digit k (from 1) of a
    /// coordinate is flipped by the first bit of draw i at interval k, i being the digits before it as an integer; the
    /// digits after the 17th are the upper 36 bits of draw i at interval 18.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">There are more points or hyperparameters than the sequence has.</exception>
    public static ImmutableArray<Hyperparameters> Of(SearchSpace space, int population, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(population, MaxPoints);
        if (space.Definitions.Length > MaxDimensions)
            throw new ArgumentOutOfRangeException(nameof(space), space.Definitions.Length, $"A Sobol design has at most {MaxDimensions} hyperparameters.");

        var directions = Enumerable.Range(0, space.Definitions.Length).Select(static dimension => SobolDirections.Of(dimension, Digits)).ToList();
        var members = ImmutableArray.CreateBuilder<Hyperparameters>(population);
        for (var member = 0; member < population; member++)
        {
            var index = (uint)member;
            members.Add(space.Build((dimension, definition) =>
                (definition.InitialPrior ?? definition).FromUnit(Scramble(Point(directions[dimension], index), dimension, seed))));
        }

        return members.MoveToImmutable();
    }

    /// <summary>A coordinate of a point before it is scrambled, times 2^17.</summary>
    internal static uint Point(ImmutableArray<uint> directions, uint index)
    {
        var coordinate = 0u;
        for (var bit = 0; index >> bit != 0; bit++)
        {
            if (((index >> bit) & 1) != 0)
                coordinate ^= directions[bit];
        }

        return coordinate;
    }

    /// <summary>The coordinate's place in [0, 1).</summary>
    internal static double Scramble(uint coordinate, int dimension, ulong seed)
    {
        var scrambled = 0UL;
        for (var digit = 1; digit <= Digits; digit++)
        {
            var before = coordinate >> (Digits - digit + 1);
            var own = (coordinate >> (Digits - digit)) & 1;
            scrambled = (scrambled << 1) | (own ^ (Draw(digit, before) >> 63));
        }

        return ((scrambled << RestDigits) | (Draw(Digits + 1, coordinate) >> (64 - RestDigits))) * (1.0 / (1UL << 53));

        ulong Draw(int digit, uint index) => new RandomStream(seed, dimension, digit, RandomPurpose.InitialDesign, (int)index).NextUInt64();
    }
}
