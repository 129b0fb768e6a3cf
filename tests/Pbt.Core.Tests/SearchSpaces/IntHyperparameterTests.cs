using Pbt.Core.Randomness;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Tests.Statistics;

namespace Pbt.Core.Tests.SearchSpaces;

public sealed class IntHyperparameterTests
{
    private const int Many = 50_000;
    private static readonly IntHyperparameter Epochs = new("epochs", 1, 10, Scale.Linear);

    private readonly RandomStream _random = new(22, 0, 0, RandomPurpose.Explore);

    [Theory]
    [InlineData(1, 10)]
    [InlineData(-3, 3)]
    [InlineData(0, 1)]
    public void A_linear_int_is_drawn_evenly_with_both_ends(long min, long max)
    {
        var counts = Count(new("h", min, max, Scale.Linear));

        Goodness.AssertEvenProportions(counts);
    }

    [Fact]
    public void A_log_int_is_drawn_as_a_rounded_log_uniform_number()
    {
        var total = Math.Log(8.5 / 0.5);

        Goodness.AssertProportions(
            Count(new("h", 1, 8, Scale.Log)),
            [.. Enumerable.Range(1, 8).Select(k => Math.Log((k + 0.5) / (k - 0.5)) / total)]);
    }

    [Theory]
    [InlineData(Scale.Linear)]
    [InlineData(Scale.Log)]
    public void The_ends_of_the_prior_are_the_bounds(Scale scale)
    {
        var h = new IntHyperparameter("h", 1, 1L << 40, scale);

        Assert.Equal(1, h.FromUnit(0).Integer);
        Assert.Equal(1L << 40, h.FromUnit(1).Integer);
    }

    [Theory]
    [InlineData(Scale.Linear)]
    [InlineData(Scale.Log)]
    public void Every_value_is_found_again_from_its_position(Scale scale)
    {
        var h = new IntHyperparameter("h", 1, 5000, scale);

        Assert.All(Enumerable.Range(1, 5000), k => Assert.Equal(Of(k), h.FromUnit(h.ToUnit(Of(k)))));
    }

    [Fact]
    public void A_small_int_moves_as_often_as_its_expectation_asks()
    {
        var moved = Enumerable.Range(0, Many).Count(_ => Perturb(Epochs, 1, 1.2) == Of(2));

        Goodness.AssertProportions([moved, Many - moved], [0.2, 0.8]);
    }

    [Theory]
    [InlineData(5, 1.2)]
    [InlineData(5, 0.8)]
    [InlineData(7, 1.1)]
    public void A_factor_keeps_the_expectation(long value, double factor)
    {
        var mean = Enumerable.Range(0, Many).Average(_ => Perturb(new("h", -100, 100, Scale.Linear), value, factor).Number);

        Assert.Equal(value * factor, mean, 3.5 * 0.5 / Math.Sqrt(Many));
    }

    [Fact]
    public void Noise_keeps_the_expectation()
    {
        var linear = new IntHyperparameter("h", 0, 100, Scale.Linear);
        var log = new IntHyperparameter("h", 1, 100, Scale.Log);
        var tolerance = 3.5 * 0.5 / Math.Sqrt(Many);

        Assert.Equal(50.3, MeanOf(() => linear.AddNoise(Of(50), 0.3, NoiseUnit.Scale, _random)), tolerance);
        Assert.Equal(53.5, MeanOf(() => linear.AddNoise(Of(50), 0.035, NoiseUnit.Range, _random)), tolerance);
        Assert.Equal(20 * Math.Exp(0.3), MeanOf(() => log.AddNoise(Of(20), 0.3, NoiseUnit.Scale, _random)), tolerance);
        Assert.Equal(20 * Math.Pow(100, 0.1), MeanOf(() => log.AddNoise(Of(20), 0.1, NoiseUnit.Range, _random)), tolerance);
    }

    // From 1, where naive rounding of 1 × 0.8 and 1 × 1.2 stays at 1 for ever and naive truncation falls to 0.
    [Theory]
    [InlineData(1, 100)]
    [InlineData(1, 10)]
    [InlineData(0, 100)]
    public void A_chain_of_perturbations_neither_sticks_nor_collapses(long min, long max)
    {
        var h = new IntHyperparameter("h", min, max, Scale.Linear);
        var visited = new List<double>();
        for (var chain = 0; chain < 20; chain++)
        {
            var value = Of(1);
            for (var step = 0; step < 1000; step++)
            {
                value = Perturb(h, value.Integer, _random.NextBool(0.5) ? 1.2 : 0.8);
                visited.Add(value.Number);
            }
        }

        // The product of 0.8 and 1.2 is below 1, so a chain drifts down as it should; but it must not stay at the bottom.
        Assert.True(visited.Distinct().Count() >= 8, "The chains visit too few values.");
        var logMean = visited.Average(static v => Math.Log(Math.Max(v, 1)));
        Assert.InRange(logMean, 0.1, Math.Log(max) - 0.1);
        Assert.InRange(visited.Count(v => v == min) / (double)visited.Count, 0.05, 0.9);
    }

    [Fact]
    public void Zero_moves_as_often_as_the_zero_step_asks()
    {
        var h = new IntHyperparameter("h", 0, 10, Scale.Linear);
        var moved = Enumerable.Range(0, Many).Count(_ => Perturb(h, 0, 1.2) == Of(1));

        Goodness.AssertProportions([moved, Many - moved], [0.1, 0.9]);
    }

    [Fact]
    public void Zero_moves_by_a_step_of_the_range()
    {
        var h = new IntHyperparameter("h", -1000, 1000, Scale.Linear);

        Assert.Equal(Of(20), Perturb(h, 0, 1.2));
        Assert.Equal(Of(-20), Perturb(h, 0, 0.8));
        Assert.Equal(Of(0), Perturb(h, 0, 1));
        Assert.Equal(Of(0), h.Perturb(Of(0), 1.2, zeroStep: 0, _random));
    }

    [Fact]
    public void Moves_end_at_the_bounds()
    {
        Assert.Equal(Of(10), Perturb(Epochs, 10, 1.2));
        Assert.Equal(Of(1), Perturb(Epochs, 1, 0.8));
        Assert.Equal(Of(10), Perturb(Epochs, long.MaxValue, 1));
        Assert.Equal(Of(1), Perturb(Epochs, long.MinValue, 1));
        Assert.Equal(Of(10), Perturb(Epochs, 2, double.PositiveInfinity));
        Assert.Equal(Of(2), Perturb(Epochs, 2, double.NaN));
        Assert.Equal(Of(IntHyperparameter.Limit), Perturb(new("h", -IntHyperparameter.Limit, IntHyperparameter.Limit, Scale.Linear), IntHyperparameter.Limit, 1.2));
    }

    [Fact]
    public void A_negative_int_is_multiplied_too() =>
        Assert.Equal(Of(-60), Perturb(new("h", -100, 100, Scale.Linear), -50, 1.2));

    [Fact]
    public void It_contains_ints_between_its_bounds_only()
    {
        Assert.True(Epochs.Contains(Of(1)));
        Assert.True(Epochs.Contains(Of(10)));
        Assert.False(Epochs.Contains(Of(0)));
        Assert.False(Epochs.Contains(Of(11)));
        Assert.False(Epochs.Contains(HyperparameterValue.Of(2.0)));
    }

    [Theory]
    [InlineData(0, 1, Scale.Log, "min 0 is not above 0, which the log scale needs")]
    [InlineData(0, 1, Scale.OneMinusLog, "an int has no one_minus_log scale")]
    [InlineData(2, 1, Scale.Linear, "min 2 is above max 1")]
    [InlineData(long.MinValue, 1, Scale.Linear, "min -9223372036854775808 is below -9007199254740992 (-2^53), the least an int can be")]
    [InlineData(0, long.MaxValue, Scale.Linear, "max 9223372036854775807 is above 9007199254740992 (2^53), the greatest an int can be")]
    public void Impossible_bounds_are_refused_in_words(long min, long max, Scale scale, string objection)
    {
        Assert.Equal(objection, IntHyperparameter.Check(min, max, scale));
        Assert.Throws<ArgumentException>(() => new IntHyperparameter("h", min, max, scale));
    }

    [Fact]
    public void It_describes_itself() => Assert.Equal("an int from 1 to 10", Epochs.Describe());

    private static HyperparameterValue Of(long integer) => HyperparameterValue.Of(integer);

    private static double MeanOf(Func<HyperparameterValue> draw) => Enumerable.Range(0, Many).Average(_ => draw().Number);

    private HyperparameterValue Perturb(IntHyperparameter h, long value, double factor) => h.Perturb(Of(value), factor, 0.01, _random);

    private int[] Count(IntHyperparameter h)
    {
        var counts = new int[h.Max - h.Min + 1];
        for (var i = 0; i < Many; i++)
            counts[h.FromUnit(_random.NextDouble()).Integer - h.Min]++;

        return counts;
    }
}
