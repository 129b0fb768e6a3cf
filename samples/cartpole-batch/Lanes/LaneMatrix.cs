using System.Numerics;
using System.Runtime.InteropServices;

namespace Pbt.Samples.CartpoleBatch.Lanes;

/// <summary>A matrix for each lane, in memory that somebody else owns.</summary>
/// <remarks>The elements at (row, column) lie at row * <see cref="RowStride"/> + column * <see cref="ColumnStride"/>.</remarks>
internal readonly ref struct LaneMatrix(Span<Vector<float>> elements, int rowStride, int columnStride = 1)
{
    private readonly Span<Vector<float>> _elements = elements;

    public int RowStride { get; } = rowStride;

    public int ColumnStride { get; } = columnStride;

    public LaneMatrix Transposed => new(_elements, ColumnStride, RowStride);

    public ref Vector<float> First => ref MemoryMarshal.GetReference(_elements);

    public ref Vector<float> this[int row, int column] => ref _elements[(row * RowStride) + (column * ColumnStride)];

    /// <summary>The elements from this one on.</summary>
    public LaneMatrix From(int row, int column) => new(_elements[((row * RowStride) + (column * ColumnStride))..], RowStride, ColumnStride);
}
