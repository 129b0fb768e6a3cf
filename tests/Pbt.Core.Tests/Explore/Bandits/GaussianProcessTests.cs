using Pbt.Core.Explore.Bandits;

namespace Pbt.Core.Tests.Explore.Bandits;

public sealed class GaussianProcessTests
{
    private const double Agreement = 1e-8;

    [Theory]
    [InlineData(1, 1, 1, 0, false)]
    [InlineData(2, 5, 2, 0, false)]
    [InlineData(3, 60, 3, 0, false)]
    [InlineData(4, 150, 5, 0, false)]
    [InlineData(5, 80, 2, 0, true)]
    [InlineData(6, 40, 3, 2, false)]
    [InlineData(7, 90, 4, 3, true)]
    public void Mean_and_variance_are_those_of_a_textbook(int seed, int count, int coordinates, int categories, bool nearDuplicates)
    {
        var points = AnyPoints.Draw(seed, count, coordinates, categories, nearDuplicates);
        var values = AnyPoints.Gaussians(seed + 100, count);
        var parameters = AnyPoints.Parameters(seed);
        var process = new GaussianProcess(points, values, parameters);
        var at = AnyPoints.Draw(seed + 200, 6, coordinates, categories);
        for (var i = 0; i < at.Count; i++)
        {
            var (mean, variance) = process.Predict(at.Times[i], at.Coordinates(i), at.Categories(i));
            var expected = Textbook.Predict(points, values, parameters, at, i);
            Assert.Equal(expected.Mean, mean, Agreement);
            Assert.Equal(expected.Variance, variance, Agreement);
        }

        Assert.Equal(0, process.Jitter);
    }

    [Fact]
    public void Pending_points_narrow_the_variance_and_leave_the_mean()
    {
        var points = AnyPoints.Draw(8, 30, 2, 0);
        var values = AnyPoints.Gaussians(9, 25);
        var parameters = AnyPoints.Parameters(8);
        var seen = new BanditPoints(25, 2, 0);
        for (var i = 0; i < seen.Count; i++)
            seen.Set(i, points, i);

        var without = new GaussianProcess(seen, values, parameters).Predict(points.Times[29], points.Coordinates(29), []);
        var with = new GaussianProcess(points, values, parameters).Predict(points.Times[29], points.Coordinates(29), []);
        Assert.Equal(without.Mean, with.Mean, 1e-12);
        Assert.True(with.Variance < 0.5 * without.Variance);

        // The variance does not depend on the values, whatever they are.
        Assert.Equal(Textbook.Predict(points, AnyPoints.Gaussians(1, 30), parameters, points, 29).Variance, with.Variance, Agreement);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Gradients_are_the_slopes_of_mean_and_variance(int categories)
    {
        var points = AnyPoints.Draw(10, 40, 3, categories);
        var process = new GaussianProcess(points, AnyPoints.Gaussians(11, 35), AnyPoints.Parameters(10));
        double[] x = [0.3, 0.6, 0.9];
        int[] chosen = [.. Enumerable.Range(0, categories)];
        var (byMean, byVariance) = (new double[3], new double[3]);
        process.Predict(5, x, chosen, byMean, byVariance);
        for (var j = 0; j < x.Length; j++)
        {
            const double Step = 1e-5;
            var (low, high) = (x.ToArray(), x.ToArray());
            low[j] -= Step;
            high[j] += Step;
            var (below, above) = (process.Predict(5, low, chosen), process.Predict(5, high, chosen));
            Assert.Equal((above.Mean - below.Mean) / (2 * Step), byMean[j], 1e-7);
            Assert.Equal((above.Variance - below.Variance) / (2 * Step), byVariance[j], 1e-7);
        }
    }

    [Fact]
    public void Duplicated_points_without_noise_are_kept_apart_by_a_jitter()
    {
        var points = new BanditPoints(3, 1, 0);
        var process = new GaussianProcess(points, [1, 1, 1], AnyPoints.Parameters(1) with { Noise = 0 });
        Assert.InRange(process.Jitter, 1e-12, 1e-6);
        var (mean, variance) = process.Predict(0, [0], []);
        Assert.Equal(1, mean, 1e-6);
        Assert.InRange(variance, 0, 1e-6);
    }

    [Fact]
    public void A_coordinate_that_is_no_number_is_refused()
    {
        var points = AnyPoints.Draw(1, 5, 2, 0);
        points.Coordinates(3)[1] = double.NaN;
        Assert.Throws<ArithmeticException>(() => new GaussianProcess(points, [1, 2, 3, 4, 5], AnyPoints.Parameters(1)));
    }
}
