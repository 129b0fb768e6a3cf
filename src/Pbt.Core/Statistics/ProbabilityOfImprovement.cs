namespace Pbt.Core.Statistics;

/// <summary>How likely a run of one kind is better than a run of another.</summary>
/// <remarks>
/// Over all pairs of a run of each kind, the share in which the first is the greater, a tie counting half: the statistic U
/// of Mann and Whitney, "On a test of whether one of two random variables is stochastically larger than the other",
/// Annals of Mathematical Statistics 18, 1947, divided by the number of pairs. Recommended for comparing algorithms by
/// Agarwal et al., NeurIPS 2021, section 4. ½ says that neither is better; it says nothing on how much better. Pure and
/// thread-safe.
/// </remarks>
public static class ProbabilityOfImprovement
{
    /// <summary>The probability, and its interval by resampling each kind within itself.</summary>
    /// <param name="fitness">Of one kind's runs: higher is better.</param>
    /// <param name="over">Of the other kind's runs.</param>
    /// <param name="resamples">How many resamples, at least 1.</param>
    /// <exception cref="ArgumentException">A kind has no runs, or a number is NaN or infinite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no resamples.</exception>
    public static Estimate Of(IReadOnlyList<double> fitness, IReadOnlyList<double> over, int resamples = BootstrapInterval.DefaultResamples)
    {
        var ones = SortedSample.Of(fitness);
        var others = SortedSample.Of(over);
        var (below, notAbove) = PlacesAmong(others, ones);
        var (counts, otherCounts) = (new int[ones.Length], new int[others.Length]);
        counts.AsSpan().Fill(1);
        otherCounts.AsSpan().Fill(1);
        var value = Share(counts, otherCounts, below, notAbove);
        if (ones.Length < 2 || others.Length < 2)
            return new(value, Interval: null);

        return new(value, BootstrapInterval.Percentiles(resamples, resample =>
        {
            BootstrapInterval.Draw(counts, place: 0, resample);
            BootstrapInterval.Draw(otherCounts, place: 1, resample);
            return Share(counts, otherCounts, below, notAbove);
        }));
    }

    /// <summary>For each of the ones, how many of the others are below it, and how many are not above it.</summary>
    private static (int[] Below, int[] NotAbove) PlacesAmong(double[] others, double[] ones)
    {
        var (below, notAbove) = (new int[ones.Length], new int[ones.Length]);
        var (less, lessOrEqual) = (0, 0);
        for (var i = 0; i < ones.Length; i++)
        {
            while (less < others.Length && others[less] < ones[i])
                less++;

            while (lessOrEqual < others.Length && others[lessOrEqual] <= ones[i])
                lessOrEqual++;

            (below[i], notAbove[i]) = (less, lessOrEqual);
        }

        return (below, notAbove);
    }

    // Twice the wins and once the ties, so that all sums are whole.
    private static double Share(int[] counts, int[] otherCounts, int[] below, int[] notAbove)
    {
        var sums = new long[otherCounts.Length + 1];
        for (var i = 0; i < otherCounts.Length; i++)
            sums[i + 1] = sums[i] + otherCounts[i];

        var halves = 0L;
        for (var i = 0; i < counts.Length; i++)
            halves += counts[i] * (sums[below[i]] + sums[notAbove[i]]);

        return halves / (2.0 * counts.Length * otherCounts.Length);
    }
}
