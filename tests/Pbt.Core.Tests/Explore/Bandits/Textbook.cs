using Pbt.Core.Explore.Bandits;

namespace Pbt.Core.Tests.Explore.Bandits;

/// <summary>A Gaussian process by the formulas of a textbook: the C library's functions and elimination by Gauss.</summary>
internal static class Textbook
{
    public static double Kernel(BanditPoints a, int i, BanditPoints b, int j, KernelParameters p)
    {
        var squared = a.Coordinates(i).ToArray().Zip(b.Coordinates(j).ToArray(), static (x, y) => Math.Pow(x - y, 2)).Sum();
        var elapsed = Math.Abs(a.Times[i] - b.Times[j]);
        var first = Math.Exp(-squared / p.LengthScale) * Math.Pow(1 - p.Forgetting, elapsed / 2);
        if (a.CategoryCount == 0)
            return p.Variance * first;

        var overlap = a.Categories(i).ToArray().Zip(b.Categories(j).ToArray(), static (x, y) => x == y ? 1.0 : 0).Average();
        var second = overlap * Math.Pow(1 - p.CategoryForgetting, elapsed / 2);
        return p.Variance * (((1 - p.Mix) / 2 * (first + second)) + (p.Mix * first * second));
    }

    public static double[][] Covariance(BanditPoints points, KernelParameters p)
    {
        var matrix = new double[points.Count][];
        for (var i = 0; i < points.Count; i++)
            matrix[i] = [.. Enumerable.Range(0, points.Count).Select(j => Kernel(points, i, points, j, p) + (i == j ? p.Noise : 0))];

        return matrix;
    }

    public static (double Mean, double Variance) Predict(BanditPoints points, double[] values, KernelParameters p, BanditPoints at, int index)
    {
        var k = Enumerable.Range(0, points.Count).Select(i => Kernel(points, i, at, index, p)).ToArray();
        var withValue = new double[points.Count];
        values.CopyTo(withValue, 0);
        var weights = Solve(Covariance(points, p), withValue);
        var reach = Solve(Covariance(points, p), k);
        return (Product(k, weights), Kernel(at, index, at, index, p) - Product(k, reach));
    }

    public static double LogLikelihood(BanditPoints points, double[] values, KernelParameters p)
    {
        var covariance = Covariance(points, p);
        var determinant = MathNet.Numerics.LinearAlgebra.Double.DenseMatrix.OfRowArrays(covariance).Cholesky().DeterminantLn;
        return -0.5 * (Product(values, Solve(covariance, values)) + determinant + (values.Length * Math.Log(2 * Math.PI)));
    }

    /// <summary>Solves by Gauss with the greatest pivot of a column, then corrects the answer twice by its residual.</summary>
    public static double[] Solve(double[][] matrix, double[] right)
    {
        var answer = Eliminate(matrix, right);
        for (var round = 0; round < 2; round++)
        {
            var residual = new double[right.Length];
            for (var i = 0; i < right.Length; i++)
                residual[i] = right[i] - Product(matrix[i], answer);

            var correction = Eliminate(matrix, residual);
            for (var i = 0; i < right.Length; i++)
                answer[i] += correction[i];
        }

        return answer;
    }

    private static double[] Eliminate(double[][] matrix, double[] right)
    {
        var a = matrix.Select(static row => row.ToArray()).ToArray();
        var b = right.ToArray();
        for (var k = 0; k < b.Length; k++)
        {
            var pivot = Enumerable.Range(k, b.Length - k).MaxBy(i => Math.Abs(a[i][k]));
            (a[k], a[pivot], b[k], b[pivot]) = (a[pivot], a[k], b[pivot], b[k]);
            for (var i = k + 1; i < b.Length; i++)
            {
                var factor = a[i][k] / a[k][k];
                for (var j = k; j < b.Length; j++)
                    a[i][j] -= factor * a[k][j];

                b[i] -= factor * b[k];
            }
        }

        for (var k = b.Length - 1; k >= 0; k--)
        {
            for (var j = k + 1; j < b.Length; j++)
                b[k] -= a[k][j] * b[j];

            b[k] /= a[k][k];
        }

        return b;
    }

    private static double Product(double[] a, double[] b) => a.Zip(b, static (x, y) => x * y).Sum();
}
