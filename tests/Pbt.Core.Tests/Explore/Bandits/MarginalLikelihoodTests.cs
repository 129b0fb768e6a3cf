using Pbt.Core.Explore.Bandits;

namespace Pbt.Core.Tests.Explore.Bandits;

public sealed class MarginalLikelihoodTests
{
    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(2, 30, 0)]
    [InlineData(3, 75, 0)]
    [InlineData(4, 50, 2)]
    public void It_is_that_of_a_textbook(int seed, int count, int categories)
    {
        var points = AnyPoints.Draw(seed, count, 3, categories);
        var values = AnyPoints.Gaussians(seed + 10, count);
        var parameters = AnyPoints.Parameters(seed);
        Assert.Equal(Textbook.LogLikelihood(points, values, parameters), new MarginalLikelihood(points, values).Evaluate(parameters), 1e-8);
    }

    [Theory]
    [InlineData(5, 30, 0)]
    [InlineData(6, 70, 0)]
    [InlineData(7, 45, 2)]
    public void Its_gradient_is_that_of_finite_differences(int seed, int count, int categories)
    {
        var likelihood = new MarginalLikelihood(AnyPoints.Draw(seed, count, 3, categories), AnyPoints.Gaussians(seed + 10, count));
        var x = AnyPoints.Parameters(seed).ToCoordinates(categories > 0);
        var gradient = new double[x.Length];
        var value = likelihood.Evaluate(KernelParameters.FromCoordinates(x), gradient);
        Assert.Equal(likelihood.Evaluate(KernelParameters.FromCoordinates(x)), value);
        for (var i = 0; i < x.Length; i++)
        {
            const double Step = 1e-5;
            var (low, high) = (x.ToArray(), x.ToArray());
            low[i] -= Step;
            high[i] += Step;
            var slope = (likelihood.Evaluate(KernelParameters.FromCoordinates(high)) - likelihood.Evaluate(KernelParameters.FromCoordinates(low))) / (2 * Step);
            Assert.Equal(slope, gradient[i], 1e-6 * Math.Max(1, Math.Abs(slope)));
        }
    }

    [Fact]
    public void That_of_the_last_values_is_what_the_first_ones_leave()
    {
        var points = AnyPoints.Draw(8, 60, 2, 0);
        var values = AnyPoints.Gaussians(9, 60);
        var parameters = AnyPoints.Parameters(8);
        var first = new BanditPoints(40, 2, 0);
        for (var i = 0; i < first.Count; i++)
            first.Set(i, points, i);

        var all = new MarginalLikelihood(points, values);
        Assert.Equal(all.Evaluate(parameters) - new MarginalLikelihood(first, values[..40]).Evaluate(parameters), all.EvaluateLast(parameters, 20), 1e-9);
    }
}
