using System.Text.Json;
using Pbt.Core.Comparisons;
using Pbt.Core.Statistics;

namespace Pbt.Cli.Output;

/// <summary>A comparison for programs: every figure to its last digit.</summary>
internal static class ComparisonJson
{
    /// <summary>Writes the comparison; with a curve for each study and each run, if asked for.</summary>
    public static void Write(Utf8JsonWriter writer, ComparisonReport report, bool curve)
    {
        var comparison = report.Comparison;
        writer.WriteStartObject();
        writer.WriteString("measure", Words.Lower(comparison.Measure));
        writer.WriteStartObject("objective");
        writer.WriteString("metric", comparison.Objective.Metric);
        writer.WriteString("goal", Words.Lower(comparison.Objective.Goal));
        writer.WriteEndObject();
        writer.WriteNumber("confidence", 0.95);
        writer.WriteNumber("resamples", comparison.Resamples);
        writer.WriteBoolean("equal_budget", report.Inequalities.IsEmpty);
        writer.WriteStartArray("notes");
        foreach (var note in report.Notes)
            writer.WriteStringValue(note);

        writer.WriteEndArray();
        writer.WriteStartArray("studies");
        foreach (var study in comparison.Studies)
            WriteStudy(writer, report, study, curve);

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteStudy(Utf8JsonWriter writer, ComparisonReport report, ComparedStudy study, bool curve)
    {
        writer.WriteStartObject();
        writer.WriteString("study", study.Study.Name);
        WriteTraining(writer, TrainingBudget.Of(study.Study.Spec));
        WriteEstimate(writer, "mean", study.Mean);
        WriteEstimate(writer, "iqm", study.InterquartileMean);
        writer.WriteNumberOrNull("sd", study.Scores.StandardDeviation);
        writer.WriteNumber("min", study.Scores.Min);
        writer.WriteNumber("median", study.Scores.Median);
        writer.WriteNumber("max", study.Scores.Max);
        writer.WriteStartArray("improvements");
        foreach (var improvement in study.Improvements)
        {
            writer.WriteStartObject();
            writer.WriteString("over", improvement.Over);
            WriteEstimate(writer, "probability", improvement.Probability);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        WriteRuns(writer, report, study, curve);
        if (curve)
            WriteCurve(writer, study, report.Comparison.Resamples);

        writer.WriteEndObject();
    }

    private static void WriteTraining(Utf8JsonWriter writer, TrainingBudget? training)
    {
        if (training is null)
        {
            writer.WriteNull("training");
            return;
        }

        writer.WriteStartObject("training");
        writer.WriteNumber("amount", training.Amount);
        writer.WriteString("unit", Words.Lower(training.Unit));
        writer.WriteString("sum", training.Sum);
        writer.WriteEndObject();
    }

    private static void WriteRuns(Utf8JsonWriter writer, ComparisonReport report, ComparedStudy study, bool curve)
    {
        writer.WriteStartArray("runs");
        foreach (var run in study.Study.Runs)
        {
            writer.WriteStartObject();
            writer.WriteNumber("seed", run.Seed);
            writer.WriteNumber("score", run.Score(report.Comparison.Measure));
            writer.WriteNumber("final", run.Final);
            writer.WriteNumber("best", run.Best);
            writer.WriteNumber("steps", run.Steps);
            writer.WriteString("directory", report.Directories.GetValueOrDefault((study.Study.Name, run.Seed)));
            if (curve)
                WriteCourse(writer, run);

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteCourse(Utf8JsonWriter writer, RunOutcome run)
    {
        writer.WriteStartArray("curve");
        foreach (var point in run.Curve)
        {
            writer.WriteStartObject();
            writer.WriteNumber("interval", point.Interval);
            writer.WriteNumber("current_best", point.Current);
            writer.WriteNumber("best_so_far", point.BestSoFar);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteCurve(Utf8JsonWriter writer, ComparedStudy study, int resamples)
    {
        writer.WriteStartArray("curve");
        foreach (var row in Comparison.Curve(study.Study, resamples))
        {
            writer.WriteStartObject();
            writer.WriteNumber("interval", row.Interval);
            writer.WriteNumberOrNull("steps", ComparisonCurve.Steps(study.Study, row));
            writer.WriteNumber("runs", row.Runs);
            WriteEstimate(writer, "current_best", row.Current);
            WriteEstimate(writer, "best_so_far", row.BestSoFar);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteEstimate(Utf8JsonWriter writer, string name, Estimate estimate)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("value", estimate.Value);
        writer.WriteNumberOrNull("low", estimate.Interval?.Low);
        writer.WriteNumberOrNull("high", estimate.Interval?.High);
        writer.WriteEndObject();
    }
}
