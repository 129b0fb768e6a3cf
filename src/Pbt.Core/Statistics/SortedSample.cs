namespace Pbt.Core.Statistics;

/// <summary>Numbers made ready for statistics that need them in order.</summary>
internal static class SortedSample
{
    /// <summary>A copy in ascending order.</summary>
    /// <exception cref="ArgumentException">There are no numbers, or one is NaN or infinite.</exception>
    public static double[] Of(IReadOnlyList<double> numbers)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        if (numbers.Count == 0)
            throw new ArgumentException("A sample has at least one number.", nameof(numbers));

        var sorted = numbers.ToArray();
        if (!Array.TrueForAll(sorted, double.IsFinite))
            throw new ArgumentException("A sample's numbers are finite.", nameof(numbers));

        Array.Sort(sorted);
        return sorted;
    }
}
