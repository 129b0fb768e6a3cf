using Pbt.Core.Explore.Bandits;
using Pbt.Core.Randomness;

namespace Pbt.Core.Tests.Explore.Bandits;

public sealed class FixedOrderMathTests
{
    [Fact]
    public void Exponentials_have_the_bits_of_the_portable_one()
    {
        var random = AnyPoints.Stream(1);
        double[] numbers = [0, -0.0, -1e-300, -1, -699.9999, -700, .. Enumerable.Range(0, 10_001).Select(i => -700 * Math.Pow(random.NextDouble(), 1 + (i % 9)))];
        var exponentials = numbers.ToArray();
        FixedOrderMath.ExpOfNegatives(exponentials);
        Assert.Equal(numbers.Select(static x => BitConverter.DoubleToInt64Bits(PortableMath.Exp(x))), exponentials.Select(BitConverter.DoubleToInt64Bits));
    }

    [Fact]
    public void Exponentials_far_below_are_0_and_those_of_NaN_are_NaN()
    {
        double[] numbers = [-701, double.NegativeInfinity, -1e300, double.NaN, -750];
        FixedOrderMath.ExpOfNegatives(numbers);
        Assert.Equal([0, 0, 0, double.NaN, 0], numbers);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(29)]
    [InlineData(1000)]
    public void A_sum_of_products_is_taken_in_the_order_that_is_documented(int count)
    {
        var x = AnyPoints.Gaussians(2, count);
        var y = AnyPoints.Gaussians(3, count);
        var sums = new double[8];
        for (var i = 0; i < count; i++)
            sums[i % 8] += x[i] * y[i];

        var expected = ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
        Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(FixedOrderMath.Dot(x, y)));
    }
}
