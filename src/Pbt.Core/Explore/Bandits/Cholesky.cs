namespace Pbt.Core.Explore.Bandits;

/// <summary>The factor U of a symmetric positive definite matrix K = UᵀU, U upper triangular.</summary>
/// <remarks>
/// <para>
/// Each element is U[k,j] = (K[k,j] − Σₚ U[p,k]·U[p,j]) ÷ U[k,k], the sum over p &lt; k in ascending order: the bits of the
/// three nested loops of a textbook, reached by blocks of rows and tiles of <see cref="FixedOrderMath"/>.
/// </para>
/// <para>The factor of the first m rows and columns of K is that of U: what was solved for K can be solved for its part.</para>
/// </remarks>
internal static class Cholesky
{
    private const int Block = 32;
    private const int TileRows = 4;

    /// <summary>Replaces the upper triangle of K by that of U; below the diagonal anything may be left.</summary>
    /// <returns>Whether every pivot is above 0 (else the matrix holds nothing of use).</returns>
    public static bool TryFactor(SquareMatrix matrix)
    {
        for (var from = 0; from < matrix.Size; from += Block)
        {
            var to = Math.Min(from + Block, matrix.Size);
            for (var k = from; k < to; k++)
            {
                var row = matrix.Row(k)[k..];
                for (var p = from; p < k; p++)
                    FixedOrderMath.SubtractMultiple(row, matrix[p, k], matrix.Row(p)[k..]);

                if (!(row[0] > 0) || !double.IsFinite(row[0]))
                    return false;

                row[0] = Math.Sqrt(row[0]);
                FixedOrderMath.Divide(row[1..], row[0]);
            }

            for (var i = to; i < matrix.Size; i += TileRows)
                SubtractProducts(matrix, i, i / SquareMatrix.Tile * SquareMatrix.Tile, matrix.Stride, matrix, matrix, from, to);
        }

        return true;
    }

    /// <summary>Fills V = (Uᵀ)⁻¹, lower triangular, for which K⁻¹ = VᵀV.</summary>
    public static void Invert(SquareMatrix factor, SquareMatrix inverse)
    {
        inverse.Clear();
        for (var k = 0; k < factor.Size; k++)
            inverse[k, k] = 1;

        for (var from = 0; from < factor.Size; from += Block)
        {
            var to = Math.Min(from + Block, factor.Size);
            for (var k = from; k < to; k++)
            {
                var row = inverse.Row(k)[..(k + 1)];
                for (var p = from; p < k; p++)
                    FixedOrderMath.SubtractMultiple(row[..(p + 1)], factor[p, k], inverse.Row(p));

                FixedOrderMath.Divide(row, factor[k, k]);
            }

            for (var i = to; i < factor.Size; i += TileRows)
                SubtractProducts(inverse, i, 0, to, factor, inverse, from, to);
        }
    }

    /// <summary>Fills the upper triangle of −VᵀV = −K⁻¹.</summary>
    public static void NegativeInverse(SquareMatrix inverse, SquareMatrix result)
    {
        result.Clear();
        for (var from = 0; from < inverse.Size; from += Block)
        {
            var to = Math.Min(from + Block, inverse.Size);
            for (var i = 0; i < to; i += TileRows)
                SubtractProducts(result, i, i / SquareMatrix.Tile * SquareMatrix.Tile, to, inverse, inverse, from, to);
        }
    }

    /// <summary>Solves Uᵀz = b for the first rows and columns; b becomes z.</summary>
    public static void SolveTransposed(SquareMatrix factor, Span<double> b)
    {
        for (var p = 0; p < b.Length; p++)
        {
            b[p] /= factor[p, p];
            FixedOrderMath.SubtractMultiple(b[(p + 1)..], b[p], factor.Row(p)[(p + 1)..]);
        }
    }

    /// <summary>Solves Ux = z for the first rows and columns; z becomes x.</summary>
    public static void Solve(SquareMatrix factor, Span<double> z)
    {
        for (var k = z.Length - 1; k >= 0; k--)
        {
            var known = z[(k + 1)..];
            z[k] = (z[k] - FixedOrderMath.Dot(factor.Row(k).Slice(k + 1, known.Length), known)) / factor[k, k];
        }
    }

    /// <summary>Takes Σₚ a[p,i]·b[p,j] from four rows of c, columns from one to another (multiples of 8 are worked on).</summary>
    private static void SubtractProducts(SquareMatrix c, int row, int columnFrom, int columnTo, SquareMatrix a, SquareMatrix b, int from, int to)
    {
        ref var aFirst = ref a.Data[(from * a.Stride) + row];
        for (var column = columnFrom; column < columnTo; column += SquareMatrix.Tile)
        {
            FixedOrderMath.SubtractProducts(
                ref c.Data[(row * c.Stride) + column], (nuint)c.Stride, ref aFirst, (nuint)a.Stride, ref b.Data[(from * b.Stride) + column], (nuint)b.Stride, to - from);
        }
    }
}
