namespace Pbt.Core.Explore.Bandits;

/// <summary>Points at which a gain was seen or may be asked for: a time, coordinates and categories each.</summary>
/// <remarks>Not thread-safe while it is written.</remarks>
/// <param name="count">The number of points.</param>
/// <param name="coordinates">The number of coordinates of each.</param>
/// <param name="categories">The number of categories of each.</param>
internal sealed class BanditPoints(int count, int coordinates, int categories)
{
    private readonly double[] _coordinates = new double[count * coordinates];
    private readonly int[] _categories = new int[count * categories];

    /// <summary>The number of points.</summary>
    public int Count => count;

    /// <summary>The number of coordinates of each point.</summary>
    public int CoordinateCount => coordinates;

    /// <summary>The number of categories of each point.</summary>
    public int CategoryCount => categories;

    /// <summary>The times, in intervals.</summary>
    public double[] Times { get; } = new double[count];

    /// <summary>The coordinates of a point, in [0, 1].</summary>
    public Span<double> Coordinates(int point) => _coordinates.AsSpan(point * coordinates, coordinates);

    /// <summary>The categories of a point, each an index into its list.</summary>
    public Span<int> Categories(int point) => _categories.AsSpan(point * categories, categories);

    /// <summary>Copies a point of others.</summary>
    public void Set(int point, BanditPoints others, int other)
    {
        Times[point] = others.Times[other];
        others.Coordinates(other).CopyTo(Coordinates(point));
        others.Categories(other).CopyTo(Categories(point));
    }

    /// <summary>The squared distance of two points' coordinates.</summary>
    public static double SquaredDistance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += (a[i] - b[i]) * (a[i] - b[i]);

        return sum;
    }

    /// <summary>The share of categories in which two points agree; 1 if there are none.</summary>
    public static double Overlap(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        if (a.Length == 0)
            return 1;

        var same = 0;
        for (var i = 0; i < a.Length; i++)
            same += a[i] == b[i] ? 1 : 0;

        return (double)same / a.Length;
    }
}
