namespace Pbt.Core.Statistics;

/// <summary>Some numbers in a few: centre, spread and quantiles.</summary>
/// <param name="Count">How many numbers there are.</param>
/// <param name="Mean">Their arithmetic mean.</param>
/// <param name="StandardDeviation">The sample's, with n − 1; null for a single number, whose spread is unknown.</param>
/// <param name="Min">The least.</param>
/// <param name="P5">The 5 % quantile.</param>
/// <param name="Median">The 50 % quantile.</param>
/// <param name="P95">The 95 % quantile.</param>
/// <param name="Max">The greatest.</param>
/// <remarks>
/// Quantiles interpolate linearly between order statistics: type 7 of Hyndman and Fan, "Sample quantiles in statistical
/// packages", The American Statistician 50, 1996; the default of R and NumPy.
/// </remarks>
public sealed record Summary(
    int Count, double Mean, double? StandardDeviation, double Min, double P5, double Median, double P95, double Max)
{
    /// <summary>Summarises the numbers.</summary>
    /// <exception cref="ArgumentException">There are none, or one is NaN or infinite.</exception>
    public static Summary Of(IReadOnlyList<double> numbers)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        var sorted = numbers.ToArray();
        if (sorted.Length == 0)
            throw new ArgumentException("There is nothing to summarise.", nameof(numbers));

        if (!Array.TrueForAll(sorted, double.IsFinite))
            throw new ArgumentException("Only finite numbers can be summarised.", nameof(numbers));

        Array.Sort(sorted);
        var mean = MeanOfSorted(sorted);
        return new(
            sorted.Length,
            mean,
            sorted.Length == 1 ? null : DeviationFrom(mean, sorted),
            sorted[0],
            QuantileOfSorted(sorted, 0.05),
            QuantileOfSorted(sorted, 0.5),
            QuantileOfSorted(sorted, 0.95),
            sorted[^1]);
    }

    /// <summary>A quantile of type 7 of numbers in ascending order.</summary>
    /// <param name="sorted">At least one number, ascending.</param>
    /// <param name="probability">0 … 1.</param>
    /// <exception cref="ArgumentException">There are no numbers.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The probability is outside 0 … 1.</exception>
    public static double QuantileOfSorted(ReadOnlySpan<double> sorted, double probability)
    {
        if (sorted.IsEmpty)
            throw new ArgumentException("There is no quantile of nothing.", nameof(sorted));

        if (!(probability >= 0 && probability <= 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability is between 0 and 1.");

        var position = probability * (sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }

    /// <summary>The arithmetic mean of numbers in ascending order; equal numbers have exactly that mean.</summary>
    /// <param name="sorted">At least one finite number, ascending.</param>
    /// <exception cref="ArgumentException">There are no numbers.</exception>
    public static double MeanOfSorted(ReadOnlySpan<double> sorted)
    {
        if (sorted.IsEmpty)
            throw new ArgumentException("There is no mean of nothing.", nameof(sorted));

        // Measured from the least, so that equal numbers have exactly that mean and no spread.
        var sum = 0.0;
        foreach (var number in sorted)
            sum += number - sorted[0];

        return double.IsFinite(sum) ? sorted[0] + (sum / sorted.Length) : MeanOfParts(sorted);
    }

    // The sum of very great numbers is no double, that of their shares is.
    private static double MeanOfParts(ReadOnlySpan<double> sorted)
    {
        var mean = 0.0;
        foreach (var number in sorted)
            mean += number / sorted.Length;

        return Math.Clamp(mean, sorted[0], sorted[^1]);
    }

    // A power of two, which changes no digit, keeps the squares of great and of tiny numbers representable.
    private static double DeviationFrom(double mean, double[] sorted)
    {
        var exponent = ExponentOf(Math.Max(Math.Abs(mean), Math.Max(Math.Abs(sorted[0]), Math.Abs(sorted[^1]))));
        var squares = 0.0;
        foreach (var number in sorted)
        {
            var deviation = Math.ScaleB(number, -exponent) - Math.ScaleB(mean, -exponent);
            squares += deviation * deviation;
        }

        return Math.ScaleB(Math.Sqrt(squares / (sorted.Length - 1)), exponent);
    }

    private static int ExponentOf(double greatest) => greatest == 0 ? 0 : Math.ILogB(greatest);
}
