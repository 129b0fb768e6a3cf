using Pbt.Core.Randomness;
using Pbt.Core.Statistics;

namespace Pbt.Core.Tests.Statistics;

public sealed class BootstrapIntervalTests
{
    private static readonly double[] Ten = [12.5, 3.25, 7, 8.75, 9.5, 1, 15.25, 6.5, 7.75, 30];
    private static readonly double[] Seven = [5, 7, 2.5, 6.5, 8, 4, 10.25];

    // Computed in Python by a Philox of its own after docs/randomness.md, NumPy's percentile and SciPy's trim_mean.
    [Fact]
    public void It_gives_the_values_of_an_independent_computation()
    {
        AssertClose(10.15, 5.975, 15.15, BootstrapInterval.Of(Ten, Summary.MeanOfSorted, resamples: 2000));
        AssertClose(8.666666666666666, 5.5, 13.75104166666666, BootstrapInterval.Of(Ten, InterquartileMean.OfSorted, resamples: 2000));
        AssertClose(6.178571428571429, 4.428571428571429, 7.964285714285714, BootstrapInterval.Of(Seven, Summary.MeanOfSorted, resamples: 2000));
        AssertClose(6.1, 4.1, 8.201249999999993, BootstrapInterval.Of(Seven, InterquartileMean.OfSorted, resamples: 2000));
    }

    // SciPy 1.10.1: scipy.stats.bootstrap(…, method='percentile') with 200,000 and 100,000 resamples of its own.
    [Fact]
    public void It_comes_near_to_SciPys_interval_from_other_resamples()
    {
        AssertClose(10.15, 6.05, 15.425, BootstrapInterval.Of(Ten, Summary.MeanOfSorted, resamples: 100_000), 0.06);
        AssertClose(8.666666666666666, 5.5, 14.166666666666666, BootstrapInterval.Of(Ten, InterquartileMean.OfSorted, resamples: 100_000), 0.09);
    }

    // Of normal samples the interval of the mean should hold the true mean; with few runs it does so less often than 95 %.
    [Theory]
    [InlineData(3, 0.70, 0.80)]
    [InlineData(5, 0.80, 0.87)]
    [InlineData(10, 0.88, 0.93)]
    [InlineData(20, 0.91, 0.95)]
    public void It_holds_the_truth_nearly_as_often_as_it_says_and_less_often_with_few_numbers(int size, double least, double most)
    {
        const int Samples = 1000;
        var held = Enumerable.Range(0, Samples).Count(i =>
        {
            var random = new RandomStream(seed: 3, i, size, RandomPurpose.Explore);
            var sample = Enumerable.Range(0, size).Select(_ => random.NextGaussian()).ToList();
            var interval = BootstrapInterval.Of(sample, Summary.MeanOfSorted, resamples: 400).Interval!.Value;
            return interval.Low <= 0 && interval.High >= 0;
        });
        Assert.InRange(held / (double)Samples, least, most);
    }

    [Fact]
    public void The_order_of_the_sample_does_not_matter() =>
        Assert.Equal(BootstrapInterval.Of(Ten, Summary.MeanOfSorted), BootstrapInterval.Of([.. Ten.Reverse()], Summary.MeanOfSorted));

    [Fact]
    public void The_unit_of_measurement_does_not_matter()
    {
        var one = BootstrapInterval.Of(Ten, Summary.MeanOfSorted, resamples: 2000);
        var other = BootstrapInterval.Of([.. Ten.Select(static x => (x * 1e3) - 7)], Summary.MeanOfSorted, resamples: 2000);

        AssertClose((one.Value * 1e3) - 7, (one.Interval!.Value.Low * 1e3) - 7, (one.Interval.Value.High * 1e3) - 7, other, 1e-9);
    }

    [Fact]
    public void One_number_has_no_interval() =>
        Assert.Equal(new Estimate(3, Interval: null), BootstrapInterval.Of([3], Summary.MeanOfSorted));

    [Fact]
    public void Equal_numbers_have_an_interval_without_width() =>
        Assert.Equal(new Estimate(0.1, new ConfidenceInterval(0.1, 0.1)), BootstrapInterval.Of([0.1, 0.1, 0.1], Summary.MeanOfSorted));

    [Fact]
    public void Very_great_numbers_have_a_finite_interval()
    {
        var estimate = BootstrapInterval.Of([1e308, -1e308, 1.7e308, 1.2e308], Summary.MeanOfSorted, resamples: 2000);

        Assert.Equal(7.25e307, estimate.Value, 1e294);
        Assert.InRange(estimate.Interval!.Value.Low, -1e308, estimate.Value);
        Assert.InRange(estimate.Interval.Value.High, estimate.Value, 1.7e308);
    }

    [Fact]
    public void It_needs_numbers_and_resamples()
    {
        Assert.Throws<ArgumentException>(() => BootstrapInterval.Of([], Summary.MeanOfSorted));
        Assert.Throws<ArgumentException>(() => BootstrapInterval.Of([1, double.PositiveInfinity], Summary.MeanOfSorted));
        Assert.Throws<ArgumentOutOfRangeException>(() => BootstrapInterval.Of([1, 2], Summary.MeanOfSorted, resamples: 0));
    }

    private static void AssertClose(double value, double low, double high, Estimate actual, double tolerance = 1e-12)
    {
        Assert.Equal(value, actual.Value, 1e-9);
        Assert.Equal(low, actual.Interval!.Value.Low, tolerance);
        Assert.Equal(high, actual.Interval.Value.High, tolerance);
    }
}
