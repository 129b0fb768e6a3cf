using MathNet.Numerics.Distributions;

namespace Pbt.Core.Tests.Statistics;

/// <summary>Tests of fit for draws at fixed seeds.</summary>
internal static class Goodness
{
    // The seeds are fixed, so a threshold this far out fails for a wrong distribution and never by chance.
    private const double LeastProbability = 0.001;

    // Kolmogorov's distribution has a tail of 0.001 beyond this.
    private const double KolmogorovLimit = 1.9495;

    /// <summary>Asserts by Kolmogorov and Smirnov that the draws have this distribution function.</summary>
    public static void AssertDistribution(IEnumerable<double> draws, Func<double, double> cumulative)
    {
        var sorted = draws.Order().ToArray();
        var distance = 0.0;
        for (var i = 0; i < sorted.Length; i++)
        {
            var expected = cumulative(sorted[i]);
            distance = Math.Max(distance, Math.Max(expected - ((double)i / sorted.Length), ((i + 1.0) / sorted.Length) - expected));
        }

        var statistic = distance * Math.Sqrt(sorted.Length);
        Assert.True(statistic < KolmogorovLimit, $"√n·D is {statistic}, which a fitting distribution exceeds once in a thousand times at {KolmogorovLimit}.");
    }

    /// <summary>Asserts by the chi-square test that the counts have these probabilities.</summary>
    public static void AssertProportions(IReadOnlyList<int> counts, IReadOnlyList<double> probabilities)
    {
        var total = counts.Sum();
        var statistic = counts.Zip(probabilities, (count, probability) => Math.Pow(count - (total * probability), 2) / (total * probability)).Sum();
        var p = 1 - ChiSquared.CDF(counts.Count - 1, statistic);
        Assert.True(p > LeastProbability, $"χ² is {statistic} over {counts.Count} cells (p = {p}): {string.Join(' ', counts)}.");
    }

    /// <summary>Asserts by the chi-square test that all cells are equally likely.</summary>
    public static void AssertEvenProportions(IReadOnlyList<int> counts) =>
        AssertProportions(counts, Enumerable.Repeat(1.0 / counts.Count, counts.Count).ToArray());
}
