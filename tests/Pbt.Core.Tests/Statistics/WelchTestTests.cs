using MathNet.Numerics.Distributions;
using Pbt.Core.Statistics;

namespace Pbt.Core.Tests.Statistics;

public sealed class WelchTestTests
{
    /// <summary>Samples with t, degrees of freedom and p.</summary>
    /// <remarks>
    /// All computed by SciPy 1.10.1, <c>scipy.stats.ttest_ind(a, b, equal_var=False)</c>. The first is R's data set
    /// <c>sleep</c> (Student, Biometrika 6, 1908), for which R's manual prints t = -1.8608, df = 17.776, p-value =
    /// 0.07939. The next three are the examples of Wikipedia's "Welch's t-test" (-2.46, 25.0, 0.021; -1.57, 9.9, 0.149;
    /// -2.22, 24.5, 0.036). In the last one sample does not vary.
    /// </remarks>
    public static TheoryData<double[], double[], double, double, double> Published => new()
    {
        {
            [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0],
            [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4],
            -1.8608134674868526, 17.776473516178495, 0.07939414018735823
        },
        {
            [27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4],
            [27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 20.5, 24.4],
            -2.455356398286006, 24.988529290231416, 0.021378001462866985
        },
        {
            [17.2, 20.9, 22.6, 18.1, 21.7, 21.4, 23.5, 24.2, 14.7, 21.8],
            [21.5, 22.8, 21.0, 23.0, 21.6, 23.6, 22.5, 20.7, 23.4, 21.8, 20.7, 21.7, 21.5, 22.5, 23.6, 21.5, 22.5, 23.5, 21.5, 21.8],
            -1.5654335235985037, 9.904741248650831, 0.14884169660532834
        },
        {
            [19.8, 20.4, 19.6, 17.8, 18.5, 18.9, 18.3, 18.9, 19.5, 22.0],
            [28.2, 26.6, 20.1, 23.3, 25.2, 22.1, 17.7, 27.6, 20.6, 13.7, 23.2, 17.5, 20.6, 18.0, 23.9, 21.6, 24.3, 20.4, 24.0, 13.2],
            -2.2192409158236233, 24.496223124201244, 0.03597227102979685
        },
        {
            [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
            [101, 102.5, 103, 104, 105, 106, 107, 108, 109, 110],
            -74.63624261925499, 17.99262159083163, 7.05238113579201e-24
        },
        { [1, 2, 4], [3, 3, 3, 3], -0.7559289460184544, 2.0, 0.5285954792089684 },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void It_gives_the_published_values(double[] a, double[] b, double statistic, double freedom, double p)
    {
        var result = WelchTest.Compare(a, b);

        AssertClose(statistic, result.Statistic);
        AssertClose(freedom, result.DegreesOfFreedom);
        AssertClose(p, result.PValue, relative: 1e-9);
    }

    [Theory]
    [MemberData(nameof(Published))]
    public void Exchanging_the_samples_turns_only_the_sign(double[] a, double[] b, double statistic, double freedom, double p)
    {
        var result = WelchTest.Compare(b, a);

        AssertClose(-statistic, result.Statistic);
        AssertClose(freedom, result.DegreesOfFreedom);
        AssertClose(p, result.PValue, relative: 1e-9);
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(1e-160)]
    [InlineData(1e160)]
    [InlineData(1e306)]
    public void The_unit_of_measurement_does_not_matter(double unit)
    {
        double[] a = [1, 2, 3.5, 5];
        double[] b = [2, 4, 6, 9.5];
        var expected = WelchTest.Compare(a, b);

        var result = WelchTest.Compare(a.Select(x => x * unit).ToArray(), b.Select(x => x * unit).ToArray());

        AssertClose(expected.Statistic, result.Statistic);
        AssertClose(expected.DegreesOfFreedom, result.DegreesOfFreedom);
        AssertClose(expected.PValue, result.PValue);
    }

    // The mean of three times 0.1, summed naively, is not 0.1.
    [Fact]
    public void Samples_that_do_not_vary_are_the_same_when_their_means_are_equal() =>
        Assert.Equal(new WelchResult(0, 3, 1), WelchTest.Compare([0.1, 0.1, 0.1], [0.1, 0.1]));

    [Fact]
    public void Samples_that_do_not_vary_differ_for_certain_when_their_means_do()
    {
        Assert.Equal(new WelchResult(double.NegativeInfinity, 3, 0), WelchTest.Compare([0.1, 0.1, 0.1], [0.2, 0.2]));
        Assert.Equal(new WelchResult(double.PositiveInfinity, 2, 0), WelchTest.Compare([5, 5], [0, 0]));
    }

    [Fact]
    public void Equal_means_have_a_p_value_of_one() => Assert.Equal(1, WelchTest.Compare([1, 2, 3], [0, 2, 4]).PValue);

    [Fact]
    public void Long_samples_come_near_to_the_normal_distribution()
    {
        var a = Enumerable.Range(0, 1_000_000).Select(i => (double)(i % 2)).ToArray();
        var b = a.Select(x => x + 0.002).ToArray();

        var result = WelchTest.Compare(a, b);

        AssertClose(2 * Normal.CDF(0, 1, result.Statistic), result.PValue, relative: 1e-4);
    }

    [Fact]
    public void A_sample_needs_two_finite_numbers()
    {
        Assert.Throws<ArgumentException>("a", () => WelchTest.Compare([1], [1, 2]));
        Assert.Throws<ArgumentException>("b", () => WelchTest.Compare([1, 2], []));
        Assert.Throws<ArgumentException>("a", () => WelchTest.Compare([1, double.NaN], [1, 2]));
        Assert.Throws<ArgumentException>("b", () => WelchTest.Compare([1, 2], [1, double.PositiveInfinity]));
    }

    private static void AssertClose(double expected, double actual, double relative = 1e-12) =>
        Assert.Equal(expected, actual, Math.Abs(expected) * relative);
}
