using Pbt.Core.Statistics;

namespace Pbt.Core.Tests.Statistics;

public sealed class InterquartileMeanTests
{
    // SciPy 1.10.1: scipy.stats.trim_mean(x, 0.25).
    [Theory]
    [InlineData(1.0, new[] { 1.0 })]
    [InlineData(2.0, new[] { 3.0, 1, 2 })]
    [InlineData(3.0, new[] { 4.0, 1, 2, 10 })]
    [InlineData(3.0, new[] { 1.0, 2, 3, 4, 100 })]
    [InlineData(6.1, new[] { 5.0, 7, 2.5, 6.5, 8, 4, 10.25 })]
    [InlineData(8.666666666666666, new[] { 12.5, 3.25, 7, 8.75, 9.5, 1, 15.25, 6.5, 7.75, 30 })]
    public void It_gives_the_values_of_SciPys_trimmed_mean(double expected, double[] numbers) =>
        Assert.Equal(expected, InterquartileMean.Of(numbers), 1e-14);

    // By hand: of twelve, the three least and the three greatest are left out; (3 + 5 + 8 + 13 + 21 + 34) / 6.
    [Fact]
    public void It_is_the_mean_of_the_middle_half() =>
        Assert.Equal(14, InterquartileMean.Of([144, 1, 1, 2, 89, 3, 5, 8, 55, 13, 21, 34]));

    [Fact]
    public void One_outlier_among_four_or_more_does_not_move_it() =>
        Assert.Equal(InterquartileMean.Of([1, 2, 3, 4]), InterquartileMean.Of([1, 2, 3, 4e9]));

    [Fact]
    public void Nothing_and_numbers_that_are_not_finite_have_none()
    {
        Assert.Throws<ArgumentException>(() => InterquartileMean.Of([]));
        Assert.Throws<ArgumentException>(() => InterquartileMean.Of([1, double.NaN]));
        Assert.Throws<ArgumentException>(() => InterquartileMean.OfSorted([]));
    }
}
