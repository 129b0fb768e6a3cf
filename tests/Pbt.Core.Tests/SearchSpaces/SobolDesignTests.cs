using Pbt.Core.Randomness;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Tests.Statistics;

namespace Pbt.Core.Tests.SearchSpaces;

public sealed class SobolDesignTests
{
    private const int Digits = 17;

    // scipy.stats.qmc.Sobol(5, scramble=False).random(8), whose point r is the sequence's point r ^ (r >> 1).
    private static readonly double[][] First =
    [
        [0, 0, 0, 0, 0],
        [0.5, 0.5, 0.5, 0.5, 0.5],
        [0.75, 0.25, 0.25, 0.25, 0.75],
        [0.25, 0.75, 0.75, 0.75, 0.25],
        [0.375, 0.375, 0.625, 0.875, 0.375],
        [0.875, 0.875, 0.125, 0.375, 0.875],
        [0.625, 0.125, 0.875, 0.625, 0.625],
        [0.125, 0.625, 0.375, 0.125, 0.125],
    ];

    // The same of 64 dimensions, point 5, times 1024.
    private static readonly int[] Sixth =
    [
        896, 896, 128, 384, 896, 640, 896, 384, 384, 128, 384, 896, 896, 128, 896, 384, 896, 384, 384, 640, 640, 640, 896, 384, 384, 384, 896, 128, 640, 640, 896, 640,
        384, 384, 128, 128, 128, 384, 896, 384, 384, 128, 640, 384, 384, 640, 128, 640, 640, 896, 640, 384, 640, 896, 128, 896, 384, 896, 384, 384, 640, 896, 384, 640,
    ];

    [Fact]
    public void The_unscrambled_sequence_is_that_of_Joe_and_Kuo()
    {
        for (var row = 0; row < First.Length; row++)
            Assert.Equal(First[row], Enumerable.Range(0, 5).Select(dimension => Unscrambled(dimension, row ^ (row >> 1))));

        Assert.Equal(Sixth, Enumerable.Range(0, 64).Select(static dimension => (int)(Unscrambled(dimension, 5 ^ (5 >> 1)) * 1024)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(64)]
    [InlineData(1024)]
    public void Each_part_of_each_dimension_holds_one_member(int population)
    {
        var design = SobolDesign.Of(Cube(dimensions: 64), population, seed: 3);

        Assert.Equal(population, design.Length);
        for (var dimension = 0; dimension < 64; dimension++)
            Assert.Equal(Enumerable.Range(0, population), design.Select(m => (int)(m[dimension].Value.Number * population)).Order());
    }

    [Fact]
    public void In_the_first_two_dimensions_each_box_of_every_shape_holds_one_member()
    {
        const int Population = 64;
        var design = SobolDesign.Of(Cube(dimensions: 2), Population, seed: 4);
        for (var wide = 1; wide <= Population; wide *= 2)
        {
            var boxes = design.Select(m => ((int)(m[0].Value.Number * wide), (int)(m[1].Value.Number * (Population / wide))));
            Assert.Equal(Population, boxes.Distinct().Count());
        }
    }

    [Fact]
    public void Two_dimensions_are_filled_more_evenly_than_at_random()
    {
        var space = Cube(dimensions: 8);
        var (designed, random) = (0.0, 0.0);
        for (var seed = 0; seed < 20; seed++)
        {
            var sobol = SobolDesign.Of(space, 64, (ulong)seed);
            var drawn = Enumerable.Range(0, 64).Select(member => Prior.Sample(space, new RandomStream((ulong)seed, member, 0, RandomPurpose.InitialHyperparameters))).ToList();
            for (var dimension = 1; dimension < 8; dimension++)
            {
                designed += Discrepancy([.. sobol.Select(m => (m[0].Value.Number, m[dimension].Value.Number))]);
                random += Discrepancy([.. drawn.Select(m => (m[0].Value.Number, m[dimension].Value.Number))]);
            }
        }

        Assert.InRange(designed / random, 0, 0.2);
    }

    [Fact]
    public void Each_member_by_itself_is_uniform_over_the_seeds()
    {
        foreach (var (member, dimension) in new[] { (0, 0), (5, 1), (7, 5) })
        {
            var units = Enumerable.Range(0, 2000).Select(seed => SobolDesign.Of(Cube(6), 8, (ulong)seed)[member][dimension].Value.Number).ToArray();
            Goodness.AssertDistribution(units, static u => u);
        }
    }

    [Fact]
    public void A_design_of_more_members_begins_with_the_same_ones() =>
        Assert.Equal(SobolDesign.Of(Cube(5), 10, seed: 9), SobolDesign.Of(Cube(5), 30, seed: 9).Take(10));

    [Fact]
    public void Values_lie_in_their_space() =>
        Assert.All(SobolDesign.Of(Spaces.EveryType(), 200, seed: 1), static m => Assert.True(Spaces.EveryType().Contains(m)));

    // Frozen: a study's first hyperparameters are a function of its seed. A separate implementation in Python agrees to 15 digits.
    [Fact]
    public void The_design_of_a_seed_is_frozen() => Assert.Equal(
        "learning_rate=0.0005031126627686621 entropy_coef=0.05515660048989042 gamma=0.9996107247173087 epochs=7 horizon=46 batch_size=64 optimizer=sgd normalize=false",
        SobolDesign.Of(Spaces.EveryType(), 4, seed: 7)[3].ToString());

    [Fact]
    public void More_dimensions_than_the_sequence_has_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(static () => SobolDesign.Of(Cube(65), 4, seed: 1));

    private static double Unscrambled(int dimension, int index) =>
        SobolDesign.Point(SobolDirections.Of(dimension, Digits), (uint)index) * (1.0 / (1 << Digits));

    private static SearchSpace Cube(int dimensions) =>
        new([.. Enumerable.Range(0, dimensions).Select(static d => new FloatHyperparameter($"x{d}", 0, 1, Scale.Linear))]);

    /// <summary>The squared L2-star discrepancy of points in the unit square (Warnock 1972).</summary>
    private static double Discrepancy((double X, double Y)[] points)
    {
        var (single, pairs) = (0.0, 0.0);
        foreach (var (x, y) in points)
        {
            single += (1 - (x * x)) * (1 - (y * y));
            foreach (var (otherX, otherY) in points)
                pairs += (1 - Math.Max(x, otherX)) * (1 - Math.Max(y, otherY));
        }

        return (1.0 / 9) - (single / (2 * points.Length)) + (pairs / ((double)points.Length * points.Length));
    }
}
