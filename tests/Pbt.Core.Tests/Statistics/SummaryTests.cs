using Pbt.Core.Statistics;

namespace Pbt.Core.Tests.Statistics;

public sealed class SummaryTests
{
    // NumPy: numpy.mean, numpy.std(ddof=1), numpy.quantile (linear, which is type 7).
    [Fact]
    public void It_gives_the_values_of_NumPy()
    {
        var summary = Summary.Of([15, 20, 35, 40, 50, 1.5, -3]);

        Assert.Equal(7, summary.Count);
        Assert.Equal(22.642857142857142, summary.Mean, 1e-13);
        Assert.Equal(19.884487852163986, summary.StandardDeviation!.Value, 1e-13);
        Assert.Equal(-3, summary.Min);
        Assert.Equal(-1.65, summary.P5, 1e-13);
        Assert.Equal(20, summary.Median);
        Assert.Equal(47, summary.P95, 1e-13);
        Assert.Equal(50, summary.Max);
    }

    [Fact]
    public void The_median_of_an_even_count_lies_between_the_middle_two() => Assert.Equal(2.5, Summary.Of([4, 1, 3, 2]).Median);

    [Fact]
    public void One_number_has_no_spread() =>
        Assert.Equal(new Summary(1, 0.1, StandardDeviation: null, 0.1, 0.1, 0.1, 0.1, 0.1), Summary.Of([0.1]));

    [Fact]
    public void Equal_numbers_have_exactly_no_spread() =>
        Assert.Equal(new Summary(3, 0.1, 0, 0.1, 0.1, 0.1, 0.1, 0.1), Summary.Of([0.1, 0.1, 0.1]));

    [Fact]
    public void What_it_summarises_stays_as_it_is()
    {
        double[] numbers = [3, 1, 2];

        Summary.Of(numbers);

        Assert.Equal([3, 1, 2], numbers);
    }

    [Fact]
    public void Nothing_and_numbers_that_are_not_finite_have_no_summary()
    {
        Assert.Throws<ArgumentException>(() => Summary.Of([]));
        Assert.Throws<ArgumentException>(() => Summary.Of([1, double.NaN]));
        Assert.Throws<ArgumentException>(() => Summary.Of([double.NegativeInfinity]));
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(1e200)]
    [InlineData(1e307)]
    public void The_unit_of_measurement_does_not_matter(double unit)
    {
        var summary = Summary.Of([1 * unit, 2 * unit, 4 * unit, 5 * unit]);

        Assert.Equal(3, summary.Mean / unit, 1e-14);
        Assert.Equal(Math.Sqrt(10.0 / 3), summary.StandardDeviation!.Value / unit, 1e-14);
    }

    [Fact]
    public void The_mean_of_the_greatest_numbers_is_finite() =>
        Assert.Equal(0, Summary.Of([double.MinValue, double.MaxValue]).Mean);

    [Fact]
    public void Quantiles_reach_both_ends()
    {
        double[] sorted = [1, 2, 4];

        Assert.Equal(1, Summary.QuantileOfSorted(sorted, 0));
        Assert.Equal(4, Summary.QuantileOfSorted(sorted, 1));
        Assert.Equal(3, Summary.QuantileOfSorted(sorted, 0.75));
        Assert.Throws<ArgumentOutOfRangeException>(() => Summary.QuantileOfSorted([1], double.NaN));
        Assert.Throws<ArgumentException>(() => Summary.QuantileOfSorted([], 0.5));
    }
}
