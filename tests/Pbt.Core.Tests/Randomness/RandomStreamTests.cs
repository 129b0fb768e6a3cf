using MathNet.Numerics.Distributions;
using Pbt.Core.Randomness;
using Pbt.Core.Tests.Statistics;

namespace Pbt.Core.Tests.Randomness;

public sealed class RandomStreamTests
{
    private const int Many = 100_000;

    // The golden values are frozen: docs/randomness.md lists them, and recorded studies depend on them. They were computed
    // by a separate implementation in Python; the gaussians with mpmath.
    [Fact]
    public void The_bits_are_frozen()
    {
        var stream = Golden();
        Assert.Equal(
            [0x807544747279b385, 0x4d1fc5a907012c3d, 0x757b3be841ae45ad, 0x629f60e4ef85a144],
            Draw(4, stream.NextUInt64));
        Assert.Equal(
            [0xd0e1fe69fee38b5f, 0x702f1bd37201ad2f],
            Draw(2, new RandomStream(0x0123456789abcdef, 0, 0, RandomPurpose.InitialHyperparameters).NextUInt64));
        Assert.Equal(
            0xe2a086adfd10810f,
            new RandomStream(ulong.MaxValue, 1023, 100_000, RandomPurpose.BuiltinTrainer, firstIndex: 5).NextUInt64());
    }

    [Fact]
    public void The_doubles_are_frozen() => Assert.Equal(
        [0.5017893585486266, 0.3012660539307076, 0.4589116518051748, 0.38524442281006666],
        Draw(4, Golden().NextDouble));

    [Fact]
    public void The_integers_are_frozen()
    {
        var stream = Golden();
        Assert.Equal([501, 301, 458, 385], Draw(4, () => stream.NextInt(1000)));
    }

    [Fact]
    public void The_gaussians_are_frozen() => Assert.Equal([-0.3736985114509587, -0.8324783207907441], Draw(2, Golden().NextGaussian));

    [Fact]
    public void The_roundings_are_frozen()
    {
        var stream = Golden();
        Assert.Equal([2, 3, 2, 3], Draw(4, () => stream.RoundStochastically(2.4)));
    }

    [Theory]
    [InlineData(RandomPurpose.InitialHyperparameters, 1)]
    [InlineData(RandomPurpose.TrainerSeed, 2)]
    [InlineData(RandomPurpose.Exploit, 3)]
    [InlineData(RandomPurpose.Explore, 4)]
    [InlineData(RandomPurpose.Rescue, 5)]
    [InlineData(RandomPurpose.InitialDesign, 6)]
    [InlineData(RandomPurpose.BuiltinTrainer, 7)]
    public void The_purposes_are_frozen(RandomPurpose purpose, int number) => Assert.Equal(number, (int)purpose);

    [Fact]
    public void A_stream_does_not_depend_on_what_else_is_drawn()
    {
        var expected = Draw(10, Golden().NextUInt64);
        var stream = Golden();
        var other = new RandomStream(7, 4, 12, RandomPurpose.Explore);
        var interleaved = new List<ulong>();
        for (var i = 0; i < 10; i++)
        {
            other.NextGaussian();
            interleaved.Add(stream.NextUInt64());
        }

        Assert.Equal(expected, interleaved);
    }

    [Fact]
    public void A_stream_can_begin_at_any_draw()
    {
        var all = Draw(10, Golden().NextUInt64);

        for (var first = 0; first < 10; first++)
            Assert.Equal(all[first], new RandomStream(7, 3, 12, RandomPurpose.Explore, first).NextUInt64());
    }

    [Fact]
    public void No_two_streams_share_a_draw()
    {
        var seen = new HashSet<ulong>();
        ulong[] seeds = [0, 1, 1UL << 32, (1UL << 32) | 1];
        foreach (var seed in seeds)
        {
            for (var place = 0; place < 16 * 16 * 7; place++)
            {
                var purpose = (RandomPurpose)(1 + (place % 7));
                var stream = new RandomStream(seed, place / 7 % 16, place / 7 / 16, purpose);
                Assert.All(Draw(4, stream.NextUInt64), draw => Assert.True(seen.Add(draw)));
            }
        }
    }

    [Fact]
    public void First_draws_of_neighbouring_streams_are_uniform()
    {
        Goodness.AssertDistribution(Firsts(i => new(1, i, 0, RandomPurpose.Explore)), static u => u);
        Goodness.AssertDistribution(Firsts(i => new(1, 0, i, RandomPurpose.Explore)), static u => u);
        Goodness.AssertDistribution(Firsts(i => new((ulong)i, 0, 0, RandomPurpose.Explore)), static u => u);
    }

    [Fact]
    public void Neighbouring_streams_are_uncorrelated()
    {
        var members = Firsts(i => new(1, i, 0, RandomPurpose.Explore)).ToArray();
        var sum = 0.0;
        for (var i = 1; i < members.Length; i++)
            sum += (members[i] - 0.5) * (members[i - 1] - 0.5);

        // Each product has variance 1/144.
        Assert.Equal(0, sum * 12 / Math.Sqrt(members.Length), 3.5);
    }

    [Fact]
    public void Doubles_are_uniform_and_below_one()
    {
        var draws = Draw(Many, new RandomStream(11, 0, 0, RandomPurpose.Exploit).NextDouble);

        Assert.All(draws, static u => Assert.InRange(u, 0, Math.BitDecrement(1.0)));
        Goodness.AssertDistribution(draws, static u => u);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100)]
    public void Integers_are_fair(int bound)
    {
        var stream = new RandomStream(12, 0, 0, RandomPurpose.Exploit);
        var counts = new int[bound];
        for (var i = 0; i < Many; i++)
            counts[stream.NextInt(bound)]++;

        if (bound == 1)
            Assert.Equal([Many], counts);
        else
            Goodness.AssertEvenProportions(counts);
    }

    [Fact]
    public void The_greatest_bound_is_covered_evenly()
    {
        var stream = new RandomStream(13, 0, 0, RandomPurpose.Exploit);

        Goodness.AssertDistribution(Draw(Many, () => stream.NextInt(int.MaxValue) / (double)int.MaxValue), static u => u);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_bound_below_one_is_refused(int bound) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Golden().NextInt(bound));

    [Fact]
    public void Bools_have_their_probability()
    {
        var stream = new RandomStream(14, 0, 0, RandomPurpose.Exploit);
        var hits = Draw(Many, () => stream.NextBool(0.3)).Count(static hit => hit);

        Goodness.AssertProportions([hits, Many - hits], [0.3, 0.7]);
        Assert.DoesNotContain(true, Draw(100, () => stream.NextBool(0)));
        Assert.DoesNotContain(false, Draw(100, () => stream.NextBool(1)));
    }

    [Fact]
    public void Gaussians_are_standard_normal()
    {
        var draws = Draw(Many, new RandomStream(15, 0, 0, RandomPurpose.Explore).NextGaussian);

        Goodness.AssertDistribution(draws, static x => Normal.CDF(0, 1, x));
        Assert.Equal(0, draws.Average(), 3.5 / Math.Sqrt(Many));
        Assert.Equal(1, draws.Average(static x => x * x), 3.5 * Math.Sqrt(2.0 / Many));
        Assert.Equal(0, draws.Average(static x => x * x * x), 3.5 * Math.Sqrt(15.0 / Many));
        Assert.Equal(3, draws.Average(static x => x * x * x * x), 3.5 * Math.Sqrt(96.0 / Many));
    }

    [Theory]
    [InlineData(2.25)]
    [InlineData(-2.25)]
    [InlineData(0.5)]
    [InlineData(1e-3)]
    public void Stochastic_rounding_keeps_the_expectation(double number)
    {
        var stream = new RandomStream(16, 0, 0, RandomPurpose.Explore);
        var rounded = Draw(Many, () => stream.RoundStochastically(number));
        var up = number - Math.Floor(number);

        Assert.All(rounded, x => Assert.True(x == Math.Floor(number) || x == Math.Ceiling(number)));
        Assert.Equal(number, rounded.Average(), 3.5 * Math.Sqrt(up * (1 - up) / Many));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-3)]
    [InlineData(0)]
    [InlineData(9007199254740992)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NaN)]
    public void Stochastic_rounding_leaves_what_is_whole_and_takes_one_draw(double number)
    {
        var stream = Golden();

        Assert.Equal(number, stream.RoundStochastically(number));
        Assert.Equal(0x4d1fc5a907012c3dUL, stream.NextUInt64());
    }

    private static RandomStream Golden() => new(7, 3, 12, RandomPurpose.Explore);

    private static IEnumerable<double> Firsts(Func<int, RandomStream> stream) =>
        Enumerable.Range(0, 20_000).Select(i => stream(i).NextDouble());

    private static T[] Draw<T>(int count, Func<T> draw)
    {
        var draws = new T[count];
        for (var i = 0; i < count; i++)
            draws[i] = draw();

        return draws;
    }
}
