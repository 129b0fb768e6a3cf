using Pbt.Core.Randomness;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Tests.Statistics;

namespace Pbt.Core.Tests.SearchSpaces;

public sealed class FloatHyperparameterTests
{
    private const int Many = 50_000;
    private static readonly FloatHyperparameter LearningRate = new("learning_rate", 1e-5, 1e-2, Scale.Log);
    private static readonly FloatHyperparameter Entropy = new("entropy_coef", 0, 0.1, Scale.Linear);
    private static readonly FloatHyperparameter Gamma = new("gamma", 0.9, 0.9999, Scale.OneMinusLog);

    private readonly RandomStream _random = new(21, 0, 0, RandomPurpose.Explore);

    [Fact]
    public void A_linear_float_is_drawn_uniformly() =>
        Goodness.AssertDistribution(Sample(Entropy), static v => v / 0.1);

    [Fact]
    public void A_log_float_is_drawn_log_uniformly() =>
        Goodness.AssertDistribution(Sample(LearningRate), static v => Math.Log(v / 1e-5) / Math.Log(1e3));

    [Fact]
    public void What_a_one_minus_log_float_lacks_to_one_is_drawn_log_uniformly() =>
        Goodness.AssertDistribution(Sample(Gamma), static v => Math.Log((1 - 0.9) / (1 - v)) / Math.Log((1 - 0.9) / (1 - 0.9999)));

    [Theory]
    [InlineData(1e-5, 1e-2, Scale.Log)]
    [InlineData(0, 0.1, Scale.Linear)]
    [InlineData(0.9, 0.9999, Scale.OneMinusLog)]
    public void The_ends_of_the_prior_are_the_bounds(double min, double max, Scale scale)
    {
        var h = new FloatHyperparameter("h", min, max, scale);

        Assert.Equal(min, h.FromUnit(0).Number, 1e-15);
        Assert.Equal(max, h.FromUnit(1).Number, 1e-15);
        Assert.Equal(0, h.ToUnit(Of(min)));
        Assert.Equal(Math.BitDecrement(1.0), h.ToUnit(Of(max)));
    }

    [Fact]
    public void A_factor_multiplies_a_log_or_linear_float()
    {
        Assert.Equal(Of(0.001 * 1.2), Perturb(LearningRate, 0.001, 1.2));
        Assert.Equal(Of(0.05 * 0.8), Perturb(Entropy, 0.05, 0.8));
    }

    [Fact]
    public void A_factor_multiplies_what_a_one_minus_log_float_lacks_to_one()
    {
        Assert.Equal(0.988, Perturb(Gamma, 0.99, 1.2).Number, 1e-15);
        Assert.Equal(0.992, Perturb(Gamma, 0.99, 0.8).Number, 1e-15);
    }

    [Fact]
    public void Zero_moves_by_the_zero_step()
    {
        Assert.Equal(Of(0.01 * 0.1), Perturb(Entropy, 0, 1.2));
        Assert.Equal(Of(0), Perturb(Entropy, 0, 0.8));

        var signed = new FloatHyperparameter("h", -1, 3, Scale.Linear);
        Assert.Equal(Of(0.04), Perturb(signed, 0, 1.2));
        Assert.Equal(Of(-0.04), Perturb(signed, 0, 0.8));
        Assert.Equal(Of(0), Perturb(signed, 0, 1));
    }

    [Fact]
    public void Zero_stays_without_a_zero_step() => Assert.Equal(Of(0), Entropy.Perturb(Of(0), 1.2, zeroStep: 0, _random));

    [Fact]
    public void Zero_on_a_one_minus_log_scale_moves_by_its_factor()
    {
        var h = new FloatHyperparameter("h", -1, 0.5, Scale.OneMinusLog);

        Assert.Equal(0.2, Perturb(h, 0, 0.8).Number, 1e-15);
        Assert.Equal(-0.2, Perturb(h, 0, 1.2).Number, 1e-15);
    }

    // 1 − (1 − 0.1) is not 0.1.
    [Fact]
    public void Factor_one_keeps_every_digit_on_a_one_minus_log_scale()
    {
        var h = new FloatHyperparameter("h", 0, 0.99, Scale.OneMinusLog);

        Assert.Equal(Of(0.1), Perturb(h, 0.1, 1));
        Assert.Equal(0.1, Noise(h, 0.1, 0, NoiseUnit.Scale));
    }

    [Fact]
    public void Moves_end_at_the_bounds()
    {
        Assert.Equal(Of(0.01), Perturb(LearningRate, 0.009, 1.2));
        Assert.Equal(Of(1e-5), Perturb(LearningRate, 1.1e-5, 0.8));
        Assert.Equal(Of(0.9), Perturb(Gamma, 0.9, 1.2));
        Assert.Equal(Of(0.9999), Perturb(Gamma, 0.9999, 0.8));
        Assert.Equal(Of(0.1), Perturb(Entropy, 0.05, double.PositiveInfinity));
        Assert.Equal(Of(0.05), Perturb(Entropy, 0.05, double.NaN));
    }

    [Fact]
    public void Noise_is_added_in_the_scales_own_coordinate()
    {
        Assert.Equal(0.05 + 0.01, Noise(Entropy, 0.05, 0.01, NoiseUnit.Scale), 1e-15);
        Assert.Equal(1e-3 * Math.Exp(0.5), Noise(LearningRate, 1e-3, 0.5, NoiseUnit.Scale), 1e-15);
        Assert.Equal(1 - (0.01 * Math.Exp(0.5)), Noise(Gamma, 0.99, 0.5, NoiseUnit.Scale), 1e-15);
    }

    [Fact]
    public void Noise_can_be_a_fraction_of_the_range()
    {
        Assert.Equal(0.06, Noise(Entropy, 0.05, 0.1, NoiseUnit.Range), 1e-15);
        Assert.Equal(1e-3, Noise(LearningRate, 1e-4, 1.0 / 3, NoiseUnit.Range), 1e-15);
        Assert.Equal(0.99, Noise(Gamma, 0.999, 1.0 / 3, NoiseUnit.Range), 1e-14);
    }

    [Fact]
    public void It_contains_floats_between_its_bounds_only()
    {
        Assert.True(Entropy.Contains(Of(0)));
        Assert.True(Entropy.Contains(Of(0.1)));
        Assert.False(Entropy.Contains(Of(0.1000001)));
        Assert.False(Entropy.Contains(Of(-1e-9)));
        Assert.False(Entropy.Contains(HyperparameterValue.Of(0L)));
        Assert.False(Entropy.Contains(HyperparameterValue.Of("0.05")));
    }

    [Fact]
    public void A_text_is_an_error_of_the_caller() =>
        Assert.Throws<InvalidOperationException>(() => Entropy.Perturb(HyperparameterValue.Of("fast"), 1.2, 0.01, _random));

    [Theory]
    [InlineData(0, 1, Scale.Log, "min 0 is not above 0, which the log scale needs")]
    [InlineData(0.9, 1, Scale.OneMinusLog, "max 1 is not below 1, which the one_minus_log scale needs")]
    [InlineData(2, 1, Scale.Linear, "min 2 is above max 1")]
    [InlineData(double.NaN, 1, Scale.Linear, "min NaN is not a finite number")]
    [InlineData(0, double.PositiveInfinity, Scale.Linear, "max Infinity is not a finite number")]
    [InlineData(-1e308, 1e308, Scale.Linear, "the range from min -1E+308 to max 1E+308 is too wide for a double")]
    public void Impossible_bounds_are_refused_in_words(double min, double max, Scale scale, string objection)
    {
        Assert.Equal(objection, FloatHyperparameter.Check(min, max, scale));
        Assert.StartsWith($"The hyperparameter 'h': {objection}.", Assert.Throws<ArgumentException>(() => new FloatHyperparameter("h", min, max, scale)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_describes_itself() => Assert.Equal("a float from 1E-05 to 0.01", LearningRate.Describe());

    private static HyperparameterValue Of(double number) => HyperparameterValue.Of(number);

    private HyperparameterValue Perturb(FloatHyperparameter h, double number, double factor) => h.Perturb(Of(number), factor, 0.01, _random);

    private double Noise(FloatHyperparameter h, double number, double noise, NoiseUnit unit) => h.AddNoise(Of(number), noise, unit, _random).Number;

    private double[] Sample(FloatHyperparameter h) =>
        [.. Enumerable.Range(0, Many).Select(_ => h.FromUnit(_random.NextDouble()).Number)];
}
