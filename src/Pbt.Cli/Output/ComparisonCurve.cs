using System.Globalization;
using Pbt.Core.Comparisons;

namespace Pbt.Cli.Output;

/// <summary>The course of a comparison as CSV: a row for each study and interval.</summary>
internal static class ComparisonCurve
{
    /// <summary>Writes the rows of all studies, one study after another.</summary>
    public static void WriteCsv(TextWriter output, Comparison comparison)
    {
        output.WriteLine("study,interval,steps,runs,current_best,current_best_low,current_best_high,best_so_far,best_so_far_low,best_so_far_high");
        foreach (var study in comparison.Studies)
        {
            foreach (var row in Comparison.Curve(study.Study, comparison.Resamples))
            {
                IEnumerable<string> fields =
                [
                    CsvField.Quoted(study.Study.Name),
                    row.Interval.ToString(CultureInfo.InvariantCulture),
                    Steps(study.Study, row)?.ToString("R", CultureInfo.InvariantCulture) ?? string.Empty,
                    row.Runs.ToString(CultureInfo.InvariantCulture),
                    .. ComparisonFormats.Fields(row.Current),
                    .. ComparisonFormats.Fields(row.BestSoFar),
                ];
                output.WriteLine(string.Join(',', fields));
            }
        }
    }

    /// <summary>Trainer steps of all members up to the interval's end, or null where intervals are measured in seconds.</summary>
    public static double? Steps(StudyRuns study, CurveRow row) =>
        study.Spec.Interval.Steps is { } steps ? steps * TrainingBudget.Intervals(study.Spec, row.Interval) : null;
}
