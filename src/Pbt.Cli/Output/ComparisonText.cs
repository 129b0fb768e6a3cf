using System.Globalization;
using Pbt.Core.Comparisons;

namespace Pbt.Cli.Output;

/// <summary>A comparison as tables of plain text.</summary>
internal static class ComparisonText
{
    /// <summary>Writes what is compared, the scores, the probabilities of improvement and the notes.</summary>
    public static void Write(TextWriter output, ComparisonReport report, int width)
    {
        var comparison = report.Comparison;
        output.WriteLine(Heading(report));
        if (ComparisonFigures.Intervals(comparison) is { Length: > 0 } intervals)
            output.WriteLine(intervals);

        output.WriteLine();
        var scores = new TextTable(new("study"), new("runs", IsNumber: true), new("mean"), new("interquartile mean"));
        foreach (var study in comparison.Studies)
            scores.Add(Name(study), Runs(study), ComparisonFigures.Score(study, study.Mean, comparison), ComparisonFigures.Score(study, study.InterquartileMean, comparison));

        scores.WriteTo(output, short.MaxValue);
        WriteImprovements(output, comparison);
        if (report.Notes.Count > 0)
            output.WriteLine();

        foreach (var line in report.Notes.SelectMany(note => TextTable.Wrap(Words.OneLine(note), width)))
            output.WriteLine(line);
    }

    /// <summary>What is compared, and how much training a run got.</summary>
    public static string Heading(ComparisonReport report)
    {
        var measured = ComparisonFigures.Measured(report.Comparison);
        return report.Training is { } training ? $"{measured}, {training.AmountText} a run" : measured;
    }

    /// <summary>How many runs a study has.</summary>
    public static string Runs(ComparedStudy study) => study.Study.Runs.Length.ToString(CultureInfo.InvariantCulture);

    private static void WriteImprovements(TextWriter output, Comparison comparison)
    {
        if (comparison.References.IsEmpty)
            return;

        output.WriteLine();
        var table = new TextTable([new("probability of improvement"), .. comparison.References.Select(static name => new Column($"over {Words.OneLine(name)}"))]);
        foreach (var study in comparison.Studies)
            table.Add([Name(study), .. comparison.References.Select(name => Improvement(study, name) ?? "-")]);

        table.WriteTo(output, short.MaxValue);
    }

    private static string Name(ComparedStudy study) => Words.OneLine(study.Study.Name);

    /// <summary>The probability that a run of a study is better than one of a reference, or null for itself.</summary>
    public static string? Improvement(ComparedStudy study, string over) =>
        study.Improvements.FirstOrDefault(i => string.Equals(i.Over, over, StringComparison.Ordinal)) is { } found
            ? ComparisonFigures.Probability(found.Probability)
            : null;
}
