using MathNet.Numerics.Distributions;
using Pbt.Core.Statistics;

namespace Pbt.Core.Tests.Statistics;

public sealed class SignTestTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 5)]
    [InlineData(7, 7)]
    [InlineData(6, 7)]
    [InlineData(14, 20)]
    [InlineData(61, 100)]
    [InlineData(900, 1500)]
    public void The_p_value_is_the_binomial_tail(int successes, int throws) =>
        Assert.Equal(successes == 0 ? 1 : 1 - Binomial.CDF(0.5, throws, successes - 1), SignTest.PValue(successes, throws), 1e-12);

    [Fact]
    public void Seven_of_seven_are_the_fewest_that_are_significant_at_one_percent()
    {
        Assert.True(SignTest.PValue(7, 7) < 0.01);
        Assert.True(SignTest.PValue(6, 6) > 0.01);
    }

    [Fact]
    public void More_successes_than_throws_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(static () => SignTest.PValue(3, 2));
        Assert.Throws<ArgumentOutOfRangeException>(static () => SignTest.PValue(-1, 2));
    }
}
