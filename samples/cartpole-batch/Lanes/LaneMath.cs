using System.Numerics;

namespace Pbt.Samples.CartpoleBatch.Lanes;

/// <summary>Functions of a number in each lane.</summary>
internal static class LaneMath
{
    // Beyond this tanh is 1 in single precision.
    private const float Saturation = 7.905311f;

    /// <summary>The hyperbolic tangent, off by less than 4e-7 of its value.</summary>
    /// <remarks>
    /// A quotient of polynomials in x² of degree 6 and 3. The coefficients are those of Eigen 3
    /// (src/Core/MathFunctionsImpl.h, generic_fast_tanh_float). NaN stays NaN.
    /// </remarks>
    public static Vector<float> Tanh(Vector<float> x)
    {
        // In this order a NaN comes through.
        var bounded = Vector.MaxNative(new Vector<float>(-Saturation), Vector.MinNative(new Vector<float>(Saturation), x));
        var square = bounded * bounded;
        var above = Vector.FusedMultiplyAdd(square, new Vector<float>(-2.76076847742355e-16f), new Vector<float>(2.00018790482477e-13f));
        above = Vector.FusedMultiplyAdd(square, above, new Vector<float>(-8.60467152213735e-11f));
        above = Vector.FusedMultiplyAdd(square, above, new Vector<float>(5.12229709037114e-08f));
        above = Vector.FusedMultiplyAdd(square, above, new Vector<float>(1.48572235717979e-05f));
        above = Vector.FusedMultiplyAdd(square, above, new Vector<float>(6.37261928875436e-04f));
        above = Vector.FusedMultiplyAdd(square, above, new Vector<float>(4.89352455891786e-03f));
        var below = Vector.FusedMultiplyAdd(square, new Vector<float>(1.19825839466702e-06f), new Vector<float>(1.18534705686654e-04f));
        below = Vector.FusedMultiplyAdd(square, below, new Vector<float>(2.26843463243900e-03f));
        below = Vector.FusedMultiplyAdd(square, below, new Vector<float>(4.89352518554385e-03f));
        return bounded * above / below;
    }
}
