namespace Pbt.Core.Randomness;

/// <summary>Logarithm, exponential and cosine that give the same bits on every machine.</summary>
/// <remarks>
/// <see cref="Math"/> hands these to the platform's C library, whose last bit depends on its version and on the
/// processor; a draw made of them would not be a function of its seed alone. These use nothing but operations that
/// IEEE 754 rounds exactly (+ − × ÷, powers of two), in a fixed order, and are right to about two units in the last place.
/// </remarks>
public static class PortableMath
{
    // ln 2 in two parts; the first has 21 trailing zero bits, so its product with an exponent is exact.
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double Log2E = 1.44269504088896338700;
    private const double Sqrt2 = 1.41421356237309504880;
    private const double LargestExponent = 710;
    private const double SmallestExponent = -746;

    /// <summary>The natural logarithm; −∞ for 0, NaN below.</summary>
    /// <remarks>x = 2ᵏ·m with m in [√½, √2); ln m = 2·artanh s with s = (m − 1) ÷ (m + 1), by its series.</remarks>
    public static double Log(double x)
    {
        if (double.IsNaN(x) || x < 0)
            return double.NaN;

        if (x == 0)
            return double.NegativeInfinity;

        if (double.IsPositiveInfinity(x))
            return x;

        var exponent = Math.ILogB(x);
        var mantissa = Math.ScaleB(x, -exponent);
        if (mantissa > Sqrt2)
        {
            mantissa *= 0.5;
            exponent++;
        }

        var s = (mantissa - 1) / (mantissa + 1);
        var square = s * s;
        var series = 0.0;
        for (var n = 23; n >= 3; n -= 2)
            series = (series + (1.0 / n)) * square;

        var tail = (2 * s * series) + (exponent * Ln2Low);
        return (exponent * Ln2High) + ((2 * s) + tail);
    }

    /// <summary>The exponential function.</summary>
    /// <remarks>x = k·ln 2 + r with |r| ≤ ½ ln 2; eʳ by its Taylor series to the 14th power.</remarks>
    public static double Exp(double x)
    {
        if (double.IsNaN(x))
            return double.NaN;

        if (x > LargestExponent)
            return double.PositiveInfinity;

        if (x < SmallestExponent)
            return 0;

        var power = Math.Floor((x * Log2E) + 0.5);
        var rest = (x - (power * Ln2High)) - (power * Ln2Low);
        var series = 1.0;
        for (var n = 14; n >= 1; n--)
            series = 1 + (series * rest / n);

        return Math.ScaleB(series, (int)power);
    }

    /// <summary>cos 2πu for u in [0, 1).</summary>
    /// <remarks>Folded, exactly, to an eighth of a turn; then the Taylor series of cosine or sine.</remarks>
    public static double CosOfTurns(double u)
    {
        var turns = u < 0.5 ? u : 1 - u;
        var sign = 1.0;
        if (turns > 0.25)
        {
            turns = 0.5 - turns;
            sign = -1.0;
        }

        return sign * (turns <= 0.125 ? Cosine(2 * Math.PI * turns) : Sine(2 * Math.PI * (0.25 - turns)));
    }

    private static double Cosine(double angle)
    {
        var square = angle * angle;
        var series = 1.0;
        for (var n = 18; n >= 2; n -= 2)
            series = 1 - (series * square / (n * (n - 1)));

        return series;
    }

    private static double Sine(double angle)
    {
        var square = angle * angle;
        var series = 1.0;
        for (var n = 18; n >= 2; n -= 2)
            series = 1 - (series * square / (n * (n + 1)));

        return angle * series;
    }
}
