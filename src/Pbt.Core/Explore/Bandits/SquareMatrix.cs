namespace Pbt.Core.Explore.Bandits;

/// <summary>A square matrix of doubles, row by row, with room to work on whole tiles.</summary>
/// <remarks>
/// Rows and columns are padded with zeros to a multiple of <see cref="Tile"/>, so that no loop needs a remainder. Who fills a
/// triangle only may find anything in the other one. Not thread-safe while it is written.
/// </remarks>
internal sealed class SquareMatrix
{
    /// <summary>What rows and columns are a multiple of.</summary>
    public const int Tile = 8;

    /// <summary>A matrix of zeros.</summary>
    /// <param name="size">The number of rows and columns that count.</param>
    public SquareMatrix(int size)
    {
        Size = size;
        Stride = (size + Tile - 1) / Tile * Tile;
        Data = new double[Stride * Stride];
    }

    /// <summary>The number of rows and columns that count.</summary>
    public int Size { get; }

    /// <summary>The number of rows and columns with the padding: how far apart two rows begin.</summary>
    public int Stride { get; }

    /// <summary>The elements, row by row.</summary>
    public double[] Data { get; }

    /// <summary>One element.</summary>
    public double this[int row, int column]
    {
        get => Data[(row * Stride) + column];
        set => Data[(row * Stride) + column] = value;
    }

    /// <summary>A row with its padding.</summary>
    public Span<double> Row(int row) => Data.AsSpan(row * Stride, Stride);

    /// <summary>Makes every element 0.</summary>
    public void Clear() => Array.Clear(Data);
}
