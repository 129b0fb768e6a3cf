using Pbt.Core.Explore.Bandits;

namespace Pbt.Core.Tests.Explore.Bandits;

public sealed class CholeskyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(64)]
    [InlineData(101)]
    public void A_factor_has_the_bits_of_three_nested_loops(int size)
    {
        var covariance = Textbook.Covariance(AnyPoints.Draw(size, size, 3, 0), AnyPoints.Parameters(size));
        var factor = Factor(covariance);
        for (var k = 0; k < size; k++)
        {
            for (var j = k; j < size; j++)
            {
                var element = covariance[k][j];
                for (var p = 0; p < k; p++)
                    element -= factor[p, k] * factor[p, j];

                element = j == k ? Math.Sqrt(element) : element / factor[k, k];
                Assert.Equal(BitConverter.DoubleToInt64Bits(element), BitConverter.DoubleToInt64Bits(factor[k, j]));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(40)]
    [InlineData(77)]
    public void The_inverse_times_the_matrix_is_the_identity(int size)
    {
        var covariance = Textbook.Covariance(AnyPoints.Draw(size, size, 3, 0), AnyPoints.Parameters(size));
        var inverse = new SquareMatrix(size);
        var negative = new SquareMatrix(size);
        Cholesky.Invert(Factor(covariance), inverse);
        Cholesky.NegativeInverse(inverse, negative);
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
            {
                var sum = Enumerable.Range(0, size).Sum(k => -negative[Math.Min(i, k), Math.Max(i, k)] * covariance[k][j]);
                Assert.Equal(i == j ? 1 : 0, sum, 1e-9);
            }
        }
    }

    [Fact]
    public void A_matrix_that_is_not_positive_definite_has_no_factor()
    {
        var matrix = new SquareMatrix(2);
        (matrix[0, 0], matrix[0, 1], matrix[1, 1]) = (1, 2, 1);
        Assert.False(Cholesky.TryFactor(matrix));
    }

    private static SquareMatrix Factor(double[][] covariance)
    {
        var matrix = new SquareMatrix(covariance.Length);
        for (var i = 0; i < covariance.Length; i++)
            covariance[i].CopyTo(matrix.Row(i));

        Assert.True(Cholesky.TryFactor(matrix));
        return matrix;
    }
}
