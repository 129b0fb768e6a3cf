using System.Globalization;
using Pbt.Core.Comparisons;
using Pbt.Core.Statistics;

namespace Pbt.Cli.Output;

/// <summary>Figures of a comparison as people read them.</summary>
internal static class ComparisonFigures
{
    private const int MostDecimals = 9;
    private const double GreatestFixed = 1e9;

    /// <summary>A score and its interval: <c>0.9129 [0.9056, 0.9207]</c>; the interval has two digits that count.</summary>
    public static string Score(ComparedStudy study, Estimate estimate, Comparison comparison) => Bracketed(estimate, Decimals(study, comparison));

    /// <summary>A probability and its interval: <c>0.93 [0.84, 0.99]</c>.</summary>
    public static string Probability(Estimate estimate) => Bracketed(estimate, decimals: 2);

    /// <summary>What is compared: <c>score of the best member at the end (maximize q)</c>.</summary>
    public static string Measured(Comparison comparison)
    {
        var what = comparison.Measure == Measure.Final ? "score of the best member at the end" : "best score of any interval";
        return $"{what} ({Words.Lower(comparison.Objective.Goal)} {Words.OneLine(comparison.Objective.Metric)})";
    }

    /// <summary>How intervals are made; empty if there are none.</summary>
    public static string Intervals(Comparison comparison) => comparison.Studies.Any(static s => s.Mean.Interval is not null)
        ? string.Create(CultureInfo.InvariantCulture, $"[95 % bootstrap intervals over runs, {comparison.Resamples:#,0} resamples]")
        : string.Empty;

    private static string Bracketed(Estimate estimate, int? decimals) => estimate.Interval is { } interval
        ? $"{Number(estimate.Value, decimals)} [{Number(interval.Low, decimals)}, {Number(interval.High, decimals)}]"
        : Number(estimate.Value, decimals);

    private static string Number(double number, int? decimals) => decimals is { } known && Math.Abs(number) < GreatestFixed
        ? number.ToString("F" + known.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
        : Words.Score(number);

    /// <summary>Decimals for a study's own intervals; where they have no width, those of the finest other study.</summary>
    private static int? Decimals(ComparedStudy study, Comparison comparison) =>
        OwnDecimals(study) ?? comparison.Studies.Select(OwnDecimals).Max();

    private static int? OwnDecimals(ComparedStudy study)
    {
        var half = Math.Max(HalfWidth(study.Mean), HalfWidth(study.InterquartileMean));
        return half > 0 && double.IsFinite(half) ? Math.Clamp(1 - (int)Math.Floor(Math.Log10(half)), 0, MostDecimals) : null;
    }

    private static double HalfWidth(Estimate estimate) => estimate.Interval is { } interval ? (interval.High - interval.Low) / 2 : 0;
}
