using System.Collections.Immutable;

namespace Pbt.Core.SearchSpaces;

/// <summary>The direction numbers of a Sobol sequence.</summary>
/// <remarks>
/// Source: Joe and Kuo, "Constructing Sobol sequences with better two-dimensional projections", SIAM J. Sci. Comput. 30,
/// 2008; their table new-joe-kuo-6, the first 64 dimensions.
/// </remarks>
internal static class SobolDirections
{
    /// <summary>The number of dimensions.</summary>
    public const int Dimensions = 64;

    // A primitive polynomial over GF(2), its bits from the highest power to 1, and the first numbers of its recurrence.
    // The first dimension, which has none, is the van der Corput sequence.
    private static readonly (uint Polynomial, uint[] First)[] Table =
    [
        (0x3, [1]),
        (0x7, [1, 3]),
        (0xB, [1, 3, 1]),
        (0xD, [1, 1, 1]),
        (0x13, [1, 1, 3, 3]),
        (0x19, [1, 3, 5, 13]),
        (0x25, [1, 1, 5, 5, 17]),
        (0x29, [1, 1, 5, 5, 5]),
        (0x2F, [1, 1, 7, 11, 19]),
        (0x37, [1, 1, 5, 1, 1]),
        (0x3B, [1, 1, 1, 3, 11]),
        (0x3D, [1, 3, 5, 5, 31]),
        (0x43, [1, 3, 3, 9, 7, 49]),
        (0x5B, [1, 1, 1, 15, 21, 21]),
        (0x61, [1, 3, 1, 13, 27, 49]),
        (0x67, [1, 1, 1, 15, 7, 5]),
        (0x6D, [1, 3, 1, 15, 13, 25]),
        (0x73, [1, 1, 5, 5, 19, 61]),
        (0x83, [1, 3, 7, 11, 23, 15, 103]),
        (0x89, [1, 3, 7, 13, 13, 15, 69]),
        (0x8F, [1, 1, 3, 13, 7, 35, 63]),
        (0x91, [1, 3, 5, 9, 1, 25, 53]),
        (0x9D, [1, 3, 1, 13, 9, 35, 107]),
        (0xA7, [1, 3, 1, 5, 27, 61, 31]),
        (0xAB, [1, 1, 5, 11, 19, 41, 61]),
        (0xB9, [1, 3, 5, 3, 3, 13, 69]),
        (0xBF, [1, 1, 7, 13, 1, 19, 1]),
        (0xC1, [1, 3, 7, 5, 13, 19, 59]),
        (0xCB, [1, 1, 3, 9, 25, 29, 41]),
        (0xD3, [1, 3, 5, 13, 23, 1, 55]),
        (0xD5, [1, 3, 7, 3, 13, 59, 17]),
        (0xE5, [1, 3, 1, 3, 5, 53, 69]),
        (0xEF, [1, 1, 5, 5, 23, 33, 13]),
        (0xF1, [1, 1, 7, 7, 1, 61, 123]),
        (0xF7, [1, 1, 7, 9, 13, 61, 49]),
        (0xFD, [1, 3, 3, 5, 3, 55, 33]),
        (0x11D, [1, 3, 1, 15, 31, 13, 49, 245]),
        (0x12B, [1, 3, 5, 15, 31, 59, 63, 97]),
        (0x12D, [1, 3, 1, 11, 11, 11, 77, 249]),
        (0x14D, [1, 3, 1, 11, 27, 43, 71, 9]),
        (0x15F, [1, 1, 7, 15, 21, 11, 81, 45]),
        (0x163, [1, 3, 7, 3, 25, 31, 65, 79]),
        (0x165, [1, 3, 1, 1, 19, 11, 3, 205]),
        (0x169, [1, 1, 5, 9, 19, 21, 29, 157]),
        (0x171, [1, 3, 7, 11, 1, 33, 89, 185]),
        (0x187, [1, 3, 3, 3, 15, 9, 79, 71]),
        (0x18D, [1, 3, 7, 11, 15, 39, 119, 27]),
        (0x1A9, [1, 1, 3, 1, 11, 31, 97, 225]),
        (0x1C3, [1, 1, 1, 3, 23, 43, 57, 177]),
        (0x1CF, [1, 3, 7, 7, 17, 17, 37, 71]),
        (0x1E7, [1, 3, 1, 5, 27, 63, 123, 213]),
        (0x1F5, [1, 1, 3, 5, 11, 43, 53, 133]),
        (0x211, [1, 3, 5, 5, 29, 17, 47, 173, 479]),
        (0x21B, [1, 3, 3, 11, 3, 1, 109, 9, 69]),
        (0x221, [1, 1, 1, 5, 17, 39, 23, 5, 343]),
        (0x22D, [1, 3, 1, 5, 25, 15, 31, 103, 499]),
        (0x233, [1, 1, 1, 11, 11, 17, 63, 105, 183]),
        (0x259, [1, 1, 5, 11, 9, 29, 97, 231, 363]),
        (0x25F, [1, 1, 5, 15, 19, 45, 41, 7, 383]),
        (0x269, [1, 3, 7, 7, 31, 19, 83, 137, 221]),
        (0x26F, [1, 1, 1, 3, 23, 15, 111, 223, 83]),
        (0x277, [1, 1, 5, 13, 31, 15, 55, 25, 161]),
        (0x27D, [1, 1, 3, 13, 25, 47, 39, 87, 257]),
    ];

    /// <summary>The direction numbers of a dimension as binary fractions of so many digits; number j belongs to bit j of a point's index.</summary>
    /// <param name="dimension">From 0 to 63.</param>
    /// <param name="digits">From 1 to 31.</param>
    public static ImmutableArray<uint> Of(int dimension, int digits)
    {
        var numbers = ImmutableArray.CreateBuilder<uint>(digits);
        if (dimension == 0)
        {
            for (var j = 0; j < digits; j++)
                numbers.Add(1u << (digits - 1 - j));

            return numbers.MoveToImmutable();
        }

        // m_j = 2 a_1 m_{j-1} ^ 4 a_2 m_{j-2} ^ … ^ 2^s m_{j-s} ^ m_{j-s}, and the number is m_j ÷ 2^j (j from 1).
        var (polynomial, first) = Table[dimension - 1];
        var m = new uint[digits];
        for (var j = 0; j < digits; j++)
        {
            m[j] = j < first.Length ? first[j] : Next(m, j, polynomial, first.Length);
            numbers.Add(m[j] << (digits - 1 - j));
        }

        return numbers.MoveToImmutable();
    }

    private static uint Next(uint[] m, int at, uint polynomial, int degree)
    {
        var next = m[at - degree] ^ (m[at - degree] << degree);
        for (var k = 1; k < degree; k++)
        {
            if (((polynomial >> (degree - k)) & 1) != 0)
                next ^= m[at - k] << k;
        }

        return next;
    }
}
