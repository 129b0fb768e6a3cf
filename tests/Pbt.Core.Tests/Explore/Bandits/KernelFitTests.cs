using Pbt.Core.Explore.Bandits;

namespace Pbt.Core.Tests.Explore.Bandits;

public sealed class KernelFitTests
{
    [Fact]
    public void Values_drawn_from_a_process_give_its_parameters_back()
    {
        var truth = new KernelParameters { Variance = 1, LengthScale = 0.3, Noise = 0.05, Forgetting = 0.1 };
        var points = AnyPoints.Draw(1, 300, 2, 0);
        var fitted = Fit(points, Drawn(points, truth, 2));
        Assert.InRange(fitted.LengthScale, 0.15, 0.6);
        Assert.InRange(fitted.Noise, 0.03, 0.08);
        Assert.InRange(fitted.Forgetting, 0.05, 0.2);
        Assert.InRange(fitted.Variance, 0.4, 2.5);
    }

    [Fact]
    public void Nothing_is_forgotten_where_nothing_changes()
    {
        var truth = new KernelParameters { Variance = 1, LengthScale = 0.3, Noise = 0.05, Forgetting = 0 };
        var points = AnyPoints.Draw(3, 200, 2, 0);
        Assert.InRange(Fit(points, Drawn(points, truth, 4)).Forgetting, 0, 0.01);
    }

    [Fact]
    public void Pure_noise_is_taken_for_noise_and_does_not_drive_the_length_scale_to_a_bound()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var fitted = Fit(AnyPoints.Draw(seed, 100, 3, 0), AnyPoints.Gaussians(seed + 50, 100));
            Assert.InRange(fitted.LengthScale, 0.01, 10);
            Assert.InRange(fitted.Noise, 0.3, 2);
        }
    }

    [Fact]
    public void Values_that_are_all_the_same_are_fitted_too()
    {
        var fitted = Fit(AnyPoints.Draw(5, 50, 2, 0), new double[50]);
        Assert.InRange(fitted.Noise, 0.99e-4, 0.1);
        Assert.InRange(fitted.LengthScale, 0.01, 19);
    }

    [Fact]
    public void With_categories_all_six_parameters_are_fitted()
    {
        var truth = new KernelParameters { Variance = 1, LengthScale = 0.3, Noise = 0.05, Forgetting = 0.02, CategoryForgetting = 0.02, Mix = 0.9 };
        var points = AnyPoints.Draw(6, 250, 2, 1);
        var values = Drawn(points, truth, 7);
        var fitted = Fit(points, values);
        var likelihood = new MarginalLikelihood(points, values);
        Assert.True(likelihood.Evaluate(fitted) > likelihood.Evaluate(truth) - 3);
        Assert.InRange(fitted.Mix, 0.3, 1);
    }

    [Fact]
    public void A_short_window_is_chosen_after_everything_has_changed()
    {
        var problem = Changing(600, changedAt: 400);
        var (window, _) = HistoryWindow.Choose(problem);
        Assert.Equal(200, window.Count);
    }

    [Fact]
    public void A_long_window_is_chosen_where_nothing_has_changed() =>
        Assert.True(HistoryWindow.Choose(Changing(600, changedAt: 0)).Window.Count > 200);

    [Theory]
    [InlineData(5, new[] { 5 })]
    [InlineData(200, new[] { 200 })]
    [InlineData(250, new[] { 250 })]
    [InlineData(251, new[] { 200, 251 })]
    [InlineData(1000, new[] { 200, 400, 1000 })]
    public void Windows_double_up_to_the_whole_history(int count, int[] expected) => Assert.Equal(expected, HistoryWindow.Lengths(count));

    private static KernelParameters Fit(BanditPoints points, double[] values) =>
        KernelFit.Fit(new MarginalLikelihood(points, values), points.CategoryCount > 0, KernelFit.Starts, 60);

    /// <summary>A draw from the process: Uᵀ times standard normal numbers.</summary>
    private static double[] Drawn(BanditPoints points, KernelParameters parameters, int seed)
    {
        var factor = new GaussianProcess(points, [], parameters).Factor;
        var normal = AnyPoints.Gaussians(seed, points.Count);
        return [.. Enumerable.Range(0, points.Count).Select(j => Enumerable.Range(0, j + 1).Sum(k => factor[k, j] * normal[k]))];
    }

    /// <summary>Gains by a sharp hill, seen with little noise; before a point in time the hill is where it is low afterwards.</summary>
    private static BanditProblem Changing(int count, int changedAt)
    {
        var random = AnyPoints.Stream(9);
        var seen = new BanditPoints(count, 3, 0);
        var gains = new double[count];
        for (var i = 0; i < count; i++)
        {
            seen.Times[i] = i / 50;
            foreach (ref var coordinate in seen.Coordinates(i))
                coordinate = random.NextDouble();

            var height = Math.Sin(7 * seen.Coordinates(i)[1]) * Math.Cos(5 * seen.Coordinates(i)[2]);
            gains[i] = (i < changedAt ? -height : height) + (0.1 * random.NextGaussian());
        }

        return new(seen, gains, new BanditPoints(0, 3, 0), count / 50, 0.5, []);
    }
}
