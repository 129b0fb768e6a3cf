using System.Numerics;
using System.Runtime.CompilerServices;

namespace Pbt.Samples.CartpoleBatch.Lanes;

/// <summary>Products of matrices, one for each lane.</summary>
/// <remarks>
/// Every lane has matrices of its own, so that each multiplication loads both of its factors. Blocks of 4 × 4 sums, held in registers, use
/// each loaded vector four times; this needs 16 registers for sums and some more, as AVX-512 has them.
/// </remarks>
internal static class LaneProduct
{
    private const int Block = 4;

    /// <summary>Adds a · b to c.</summary>
    /// <param name="c">Rows × columns.</param>
    /// <param name="a">Rows × depth.</param>
    /// <param name="b">Depth × columns.</param>
    /// <param name="rows">Any number.</param>
    /// <param name="columns">A multiple of 4.</param>
    /// <param name="depth">Summed over in ascending order, so that a lane's result has the same bits wherever it is computed.</param>
    public static void Add(LaneMatrix c, LaneMatrix a, LaneMatrix b, int rows, int columns, int depth)
    {
        var row = 0;
        for (; row + Block <= rows; row += Block)
        {
            for (var column = 0; column < columns; column += Block)
                AddBlock(c.From(row, column), a.From(row, 0), b.From(0, column), depth);
        }

        for (; row < rows; row++)
        {
            for (var column = 0; column < columns; column += Block)
                AddRow(c.From(row, column), a.From(row, 0), b.From(0, column), depth);
        }
    }

    private static void AddBlock(LaneMatrix c, LaneMatrix a, LaneMatrix b, int depth)
    {
        Vector<float> c00 = c[0, 0], c01 = c[0, 1], c02 = c[0, 2], c03 = c[0, 3];
        Vector<float> c10 = c[1, 0], c11 = c[1, 1], c12 = c[1, 2], c13 = c[1, 3];
        Vector<float> c20 = c[2, 0], c21 = c[2, 1], c22 = c[2, 2], c23 = c[2, 3];
        Vector<float> c30 = c[3, 0], c31 = c[3, 1], c32 = c[3, 2], c33 = c[3, 3];

        // Distances in bytes, so that the loop has no more arithmetic than it needs.
        nint size = Vector<byte>.Count;
        nint row1 = a.RowStride * size, row2 = 2 * row1, row3 = 3 * row1, leftStep = a.ColumnStride * size;
        nint column1 = b.ColumnStride * size, column2 = 2 * column1, column3 = 3 * column1, rightStep = b.RowStride * size;
        ref var left = ref a.First;
        ref var right = ref b.First;
        for (var k = 0; k < depth; k++)
        {
            var b0 = right;
            var b1 = Unsafe.AddByteOffset(ref right, column1);
            var b2 = Unsafe.AddByteOffset(ref right, column2);
            var b3 = Unsafe.AddByteOffset(ref right, column3);
            var a0 = left;
            c00 = Vector.FusedMultiplyAdd(a0, b0, c00);
            c01 = Vector.FusedMultiplyAdd(a0, b1, c01);
            c02 = Vector.FusedMultiplyAdd(a0, b2, c02);
            c03 = Vector.FusedMultiplyAdd(a0, b3, c03);
            var a1 = Unsafe.AddByteOffset(ref left, row1);
            c10 = Vector.FusedMultiplyAdd(a1, b0, c10);
            c11 = Vector.FusedMultiplyAdd(a1, b1, c11);
            c12 = Vector.FusedMultiplyAdd(a1, b2, c12);
            c13 = Vector.FusedMultiplyAdd(a1, b3, c13);
            var a2 = Unsafe.AddByteOffset(ref left, row2);
            c20 = Vector.FusedMultiplyAdd(a2, b0, c20);
            c21 = Vector.FusedMultiplyAdd(a2, b1, c21);
            c22 = Vector.FusedMultiplyAdd(a2, b2, c22);
            c23 = Vector.FusedMultiplyAdd(a2, b3, c23);
            var a3 = Unsafe.AddByteOffset(ref left, row3);
            c30 = Vector.FusedMultiplyAdd(a3, b0, c30);
            c31 = Vector.FusedMultiplyAdd(a3, b1, c31);
            c32 = Vector.FusedMultiplyAdd(a3, b2, c32);
            c33 = Vector.FusedMultiplyAdd(a3, b3, c33);
            left = ref Unsafe.AddByteOffset(ref left, leftStep);
            right = ref Unsafe.AddByteOffset(ref right, rightStep);
        }

        (c[0, 0], c[0, 1], c[0, 2], c[0, 3]) = (c00, c01, c02, c03);
        (c[1, 0], c[1, 1], c[1, 2], c[1, 3]) = (c10, c11, c12, c13);
        (c[2, 0], c[2, 1], c[2, 2], c[2, 3]) = (c20, c21, c22, c23);
        (c[3, 0], c[3, 1], c[3, 2], c[3, 3]) = (c30, c31, c32, c33);
    }

    private static void AddRow(LaneMatrix c, LaneMatrix a, LaneMatrix b, int depth)
    {
        Vector<float> c0 = c[0, 0], c1 = c[0, 1], c2 = c[0, 2], c3 = c[0, 3];
        nint columnStride = b.ColumnStride;
        ref var left = ref a.First;
        ref var right = ref b.First;
        for (var k = 0; k < depth; k++)
        {
            var factor = left;
            c0 = Vector.FusedMultiplyAdd(factor, right, c0);
            c1 = Vector.FusedMultiplyAdd(factor, Unsafe.Add(ref right, columnStride), c1);
            c2 = Vector.FusedMultiplyAdd(factor, Unsafe.Add(ref right, 2 * columnStride), c2);
            c3 = Vector.FusedMultiplyAdd(factor, Unsafe.Add(ref right, 3 * columnStride), c3);
            left = ref Unsafe.Add(ref left, a.ColumnStride);
            right = ref Unsafe.Add(ref right, b.RowStride);
        }

        (c[0, 0], c[0, 1], c[0, 2], c[0, 3]) = (c0, c1, c2, c3);
    }
}
