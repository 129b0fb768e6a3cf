namespace Pbt.Core.Statistics;

/// <summary>The interquartile mean: the mean of the middle half.</summary>
/// <remarks>
/// Of n numbers the ⌊n/4⌋ least and the ⌊n/4⌋ greatest are left out, whole numbers only: the 25 % trimmed mean as SciPy's
/// <c>trim_mean</c> has it, on which Agarwal et al., "Deep reinforcement learning at the edge of the statistical
/// precipice", NeurIPS 2021, section 4, and their <c>rliable</c> build. So it is the mean itself for fewer than four
/// numbers. Pure and thread-safe.
/// </remarks>
public static class InterquartileMean
{
    /// <summary>The interquartile mean of numbers in any order.</summary>
    /// <exception cref="ArgumentException">There are none, or one is NaN or infinite.</exception>
    public static double Of(IReadOnlyList<double> numbers) => OfSorted(SortedSample.Of(numbers));

    /// <summary>The interquartile mean of numbers in ascending order.</summary>
    /// <param name="sorted">At least one finite number, ascending.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static double OfSorted(ReadOnlySpan<double> sorted)
    {
        var left = sorted.Length / 4;
        return Summary.MeanOfSorted(sorted[left..(sorted.Length - left)]);
    }
}
