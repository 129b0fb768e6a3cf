using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Pbt.Core.Randomness;

namespace Pbt.Core.Explore.Bandits;

/// <summary>Loops over many doubles, fast and with the same bits on every machine.</summary>
/// <remarks>
/// Every product is rounded before it is added (no fused multiply-add), and the order of additions is fixed: either each
/// element has a sum of its own, taken in ascending order, or eight partial sums stand for the positions modulo 8 and are
/// added as ((0+4)+(2+6))+((1+5)+(3+7)). Four lanes at a time are therefore no more than a faster way to the same bits, and so
/// is .NET's fallback on a processor without them. Lengths are multiples of 8 where a remark says so.
/// </remarks>
internal static class FixedOrderMath
{
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double Log2E = 1.44269504088896338700;
    private const double LeastExponent = -700;
    private const int ExponentBias = 1023;
    private const int MantissaBits = 52;

    /// <summary>Takes Σₚ a[p][i]·b[p][j] from four rows i of c at eight columns j, in ascending p.</summary>
    /// <param name="c">The first element of the tile.</param>
    /// <param name="cStride">How far apart c's rows are.</param>
    /// <param name="a">Element i of the first row p of a; four are used.</param>
    /// <param name="aStride">How far apart a's rows are.</param>
    /// <param name="b">Element j of the first row p of b; eight are used.</param>
    /// <param name="bStride">How far apart b's rows are.</param>
    /// <param name="count">The number of rows p.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SubtractProducts(ref double c, nuint cStride, ref double a, nuint aStride, ref double b, nuint bStride, int count)
    {
        var c00 = Vector256.LoadUnsafe(ref c);
        var c01 = Vector256.LoadUnsafe(ref c, 4);
        var c10 = Vector256.LoadUnsafe(ref c, cStride);
        var c11 = Vector256.LoadUnsafe(ref c, cStride + 4);
        var c20 = Vector256.LoadUnsafe(ref c, 2 * cStride);
        var c21 = Vector256.LoadUnsafe(ref c, (2 * cStride) + 4);
        var c30 = Vector256.LoadUnsafe(ref c, 3 * cStride);
        var c31 = Vector256.LoadUnsafe(ref c, (3 * cStride) + 4);
        nuint ai = 0;
        nuint bi = 0;
        for (var p = 0; p < count; p++, ai += aStride, bi += bStride)
        {
            var b0 = Vector256.LoadUnsafe(ref b, bi);
            var b1 = Vector256.LoadUnsafe(ref b, bi + 4);
            var a0 = Vector256.Create(Unsafe.Add(ref a, ai));
            c00 -= a0 * b0;
            c01 -= a0 * b1;
            var a1 = Vector256.Create(Unsafe.Add(ref a, ai + 1));
            c10 -= a1 * b0;
            c11 -= a1 * b1;
            var a2 = Vector256.Create(Unsafe.Add(ref a, ai + 2));
            c20 -= a2 * b0;
            c21 -= a2 * b1;
            var a3 = Vector256.Create(Unsafe.Add(ref a, ai + 3));
            c30 -= a3 * b0;
            c31 -= a3 * b1;
        }

        c00.StoreUnsafe(ref c);
        c01.StoreUnsafe(ref c, 4);
        c10.StoreUnsafe(ref c, cStride);
        c11.StoreUnsafe(ref c, cStride + 4);
        c20.StoreUnsafe(ref c, 2 * cStride);
        c21.StoreUnsafe(ref c, (2 * cStride) + 4);
        c30.StoreUnsafe(ref c, 3 * cStride);
        c31.StoreUnsafe(ref c, (3 * cStride) + 4);
    }

    /// <summary>Takes a multiple of one row from another: y −= factor·x.</summary>
    /// <remarks>Any length; each element on its own.</remarks>
    public static void SubtractMultiple(Span<double> y, double factor, ReadOnlySpan<double> x)
    {
        ref var target = ref MemoryMarshal.GetReference(y);
        ref var source = ref MemoryMarshal.GetReference(x[..y.Length]);
        var factors = Vector256.Create(factor);
        var i = 0;
        for (; i <= y.Length - 4; i += 4)
            (Vector256.LoadUnsafe(ref target, (nuint)i) - (factors * Vector256.LoadUnsafe(ref source, (nuint)i))).StoreUnsafe(ref target, (nuint)i);

        for (; i < y.Length; i++)
            y[i] -= factor * x[i];
    }

    /// <summary>Divides each element.</summary>
    public static void Divide(Span<double> values, double divisor)
    {
        ref var first = ref MemoryMarshal.GetReference(values);
        var divisors = Vector256.Create(divisor);
        var i = 0;
        for (; i <= values.Length - 4; i += 4)
            (Vector256.LoadUnsafe(ref first, (nuint)i) / divisors).StoreUnsafe(ref first, (nuint)i);

        for (; i < values.Length; i++)
            values[i] /= divisor;
    }

    /// <summary>Σᵢ x[i]·y[i] by eight partial sums.</summary>
    /// <remarks>Any length: element i belongs to partial sum i modulo 8.</remarks>
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        ref var left = ref MemoryMarshal.GetReference(x);
        ref var right = ref MemoryMarshal.GetReference(y[..x.Length]);
        var low = Vector256<double>.Zero;
        var high = Vector256<double>.Zero;
        var i = 0;
        for (; i <= x.Length - 8; i += 8)
        {
            low += Vector256.LoadUnsafe(ref left, (nuint)i) * Vector256.LoadUnsafe(ref right, (nuint)i);
            high += Vector256.LoadUnsafe(ref left, (nuint)i + 4) * Vector256.LoadUnsafe(ref right, (nuint)i + 4);
        }

        Span<double> rest = stackalloc double[8];
        rest.Clear();
        for (var lane = 0; i < x.Length; i++, lane++)
            rest[lane] = x[i] * y[i];

        return Sum(low + Vector256.Create<double>(rest), high + Vector256.Create<double>(rest[4..]));
    }

    /// <summary>Adds eight partial sums in the fixed order.</summary>
    public static double Sum(Vector256<double> low, Vector256<double> high)
    {
        var sums = low + high;
        return (sums[0] + sums[2]) + (sums[1] + sums[3]);
    }

    /// <summary>Replaces each element by its exponential.</summary>
    /// <remarks>
    /// The same bits as <see cref="PortableMath.Exp"/> from −700 to 0; 0 below −700, where that gives at most 10⁻³⁰⁴. Numbers
    /// above 0 are a caller's error. NaN stays NaN. Any length.
    /// </remarks>
    public static void ExpOfNegatives(Span<double> values)
    {
        ref var first = ref MemoryMarshal.GetReference(values);
        var i = 0;
        for (; i <= values.Length - 4; i += 4)
            Exp(Vector256.LoadUnsafe(ref first, (nuint)i)).StoreUnsafe(ref first, (nuint)i);

        for (; i < values.Length; i++)
            values[i] = Exp(Vector256.Create(values[i]))[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Exp(Vector256<double> x)
    {
        var least = Vector256.Create(LeastExponent);
        var isTooLow = Vector256.LessThan(x, least);
        var bounded = Vector256.ConditionalSelect(isTooLow, least, x);
        var power = Vector256.Floor((bounded * Log2E) + Vector256.Create(0.5));
        var rest = (bounded - (power * Ln2High)) - (power * Ln2Low);
        var one = Vector256.Create(1.0);
        var series = one;
        for (var n = 14; n >= 1; n--)
            series = one + (series * rest / Vector256.Create((double)n));

        var scale = Vector256.ShiftLeft(Vector256.ConvertToInt64(power) + Vector256.Create((long)ExponentBias), MantissaBits).AsDouble();
        return Vector256.ConditionalSelect(isTooLow, Vector256<double>.Zero, series * scale);
    }
}
