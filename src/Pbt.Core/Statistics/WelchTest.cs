using MathNet.Numerics.Distributions;

namespace Pbt.Core.Statistics;

/// <summary>What Welch's t-test found.</summary>
/// <param name="Statistic">t, positive when the first sample's mean is the greater; ±∞ when neither sample varies.</param>
/// <param name="DegreesOfFreedom">By Welch and Satterthwaite; n₁ + n₂ − 2 when neither sample varies.</param>
/// <param name="PValue">Two-sided, 0 … 1.</param>
public readonly record struct WelchResult(double Statistic, double DegreesOfFreedom, double PValue);

/// <summary>Welch's t-test: do two samples, of unequal variance, have the same mean?</summary>
/// <remarks>
/// Pure and thread-safe. Source: B. L. Welch, "The generalization of 'Student's' problem when several different population
/// variances are involved", Biometrika 34, 1947.
/// </remarks>
public static class WelchTest
{
    /// <summary>Compares the means of two samples.</summary>
    /// <remarks>When neither sample varies, the p-value is 1 for equal means and 0 otherwise.</remarks>
    /// <exception cref="ArgumentException">A sample has fewer than two numbers, or one that is NaN or infinite.</exception>
    public static WelchResult Compare(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        Require(a, nameof(a));
        Require(b, nameof(b));

        // A common power of two, which changes no digit, keeps the squares of great and of tiny numbers representable.
        var exponent = Math.Max(ExponentOf(a), ExponentOf(b));
        var (meanA, errorA) = Describe(a, exponent);
        var (meanB, errorB) = Describe(b, exponent);
        var difference = meanA - meanB;
        var error = errorA + errorB;
        if (error == 0)
        {
            var statistic = difference == 0 ? 0 : difference * double.PositiveInfinity;
            return new(statistic, a.Length + b.Length - 2, difference == 0 ? 1 : 0);
        }

        var t = difference / Math.Sqrt(error);
        var (shareA, shareB) = (errorA / error, errorB / error);
        var freedom = 1 / ((shareA * shareA / (a.Length - 1)) + (shareB * shareB / (b.Length - 1)));
        var p = 2 * StudentT.CDF(location: 0, scale: 1, freedom, -Math.Abs(t));
        return new(t, freedom, Math.Clamp(p, 0, 1));
    }

    private static void Require(ReadOnlySpan<double> sample, string name)
    {
        if (sample.Length < 2)
            throw new ArgumentException("A sample needs at least two numbers.", name);

        foreach (var number in sample)
        {
            if (!double.IsFinite(number))
                throw new ArgumentException("A sample's numbers are finite.", name);
        }
    }

    private static int ExponentOf(ReadOnlySpan<double> sample)
    {
        var greatest = 0.0;
        foreach (var number in sample)
            greatest = Math.Max(greatest, Math.Abs(number));

        return greatest == 0 ? -1100 : Math.ILogB(greatest);
    }

    /// <summary>The mean and its squared standard error, with each number divided by 2 to the exponent.</summary>
    private static (double Mean, double SquaredError) Describe(ReadOnlySpan<double> sample, int exponent)
    {
        // Measured from the first number, so that equal numbers have exactly that mean and no variance.
        var origin = Math.ScaleB(sample[0], -exponent);
        var sum = 0.0;
        foreach (var number in sample)
            sum += Math.ScaleB(number, -exponent) - origin;

        var mean = origin + (sum / sample.Length);
        var squares = 0.0;
        foreach (var number in sample)
        {
            var deviation = Math.ScaleB(number, -exponent) - mean;
            squares += deviation * deviation;
        }

        return (mean, squares / (sample.Length - 1) / sample.Length);
    }
}
