using System.Globalization;
using Pbt.Core.Comparisons;
using Pbt.Core.Statistics;

namespace Pbt.Cli.Output;

/// <summary>A comparison for papers and spreadsheets: Markdown, LaTeX and CSV.</summary>
internal static class ComparisonFormats
{
    /// <summary>Writes a table of GitHub's Markdown, with what is compared above it and the notes below.</summary>
    public static void WriteMarkdown(TextWriter output, ComparisonReport report)
    {
        output.WriteLine($"{Markdown(ComparisonText.Heading(report))} {ComparisonFigures.Intervals(report.Comparison)}".TrimEnd());
        output.WriteLine();
        output.WriteLine($"| {string.Join(" | ", Headings(report.Comparison).Select(Markdown))} |");
        output.WriteLine($"|---|---:|{string.Concat(Headings(report.Comparison).Skip(2).Select(static _ => "---|"))}");
        foreach (var study in report.Comparison.Studies)
        {
            var cells = Cells(report.Comparison, study);
            output.WriteLine($"| {string.Join(" | ", cells.Skip(1).Prepend(Markdown(cells[0])))} |");
        }

        foreach (var note in report.Notes)
        {
            output.WriteLine();
            output.WriteLine(Markdown(note));
        }
    }

    /// <summary>Writes a <c>tabular</c> that needs no package; what is compared and the notes are comments above it.</summary>
    public static void WriteLatex(TextWriter output, ComparisonReport report)
    {
        output.WriteLine($"% {Words.OneLine($"{ComparisonText.Heading(report)} {ComparisonFigures.Intervals(report.Comparison)}")}");
        foreach (var note in report.Notes)
            output.WriteLine($"% {Words.OneLine(note)}");

        var headings = Headings(report.Comparison);
        output.WriteLine($"\\begin{{tabular}}{{lr{new string('l', headings.Count - 2)}}}");
        output.WriteLine("\\hline");
        output.WriteLine($"{string.Join(" & ", headings.Select(Latex))} \\\\");
        output.WriteLine("\\hline");
        foreach (var study in report.Comparison.Studies)
        {
            var cells = Cells(report.Comparison, study);
            output.WriteLine($"{string.Join(" & ", cells.Take(2).Select(Latex).Concat(cells.Skip(2).Select(Mathematics)))} \\\\");
        }

        output.WriteLine("\\hline");
        output.WriteLine("\\end{tabular}");
    }

    /// <summary>Writes a row for each study, every figure to its last digit; a field is empty where there is no figure.</summary>
    public static void WriteCsv(TextWriter output, ComparisonReport report)
    {
        var comparison = report.Comparison;
        List<string> headings = ["study", "runs", "measure", "training", "unit", "mean", "mean_low", "mean_high", "iqm", "iqm_low", "iqm_high", "sd", "min", "median", "max"];
        foreach (var name in comparison.References)
            headings.AddRange([$"over {name}", $"over {name} low", $"over {name} high"]);

        output.WriteLine(string.Join(',', headings.Select(CsvField.Quoted)));
        foreach (var study in comparison.Studies)
            output.WriteLine(string.Join(',', Row(comparison, study).Select(CsvField.Quoted)));
    }

    /// <summary>An estimate and the ends of its interval as fields of CSV.</summary>
    public static IEnumerable<string> Fields(Estimate? estimate) => [Field(estimate?.Value), Field(estimate?.Interval?.Low), Field(estimate?.Interval?.High)];

    private static IEnumerable<string> Row(Comparison comparison, ComparedStudy study)
    {
        var training = TrainingBudget.Of(study.Study.Spec);
        return
        [
            study.Study.Name,
            ComparisonText.Runs(study),
            Words.Lower(comparison.Measure),
            Field(training?.Amount),
            training is null ? string.Empty : Words.Lower(training.Unit),
            .. Fields(study.Mean),
            .. Fields(study.InterquartileMean),
            Field(study.Scores.StandardDeviation),
            Field(study.Scores.Min),
            Field(study.Scores.Median),
            Field(study.Scores.Max),
            .. comparison.References.SelectMany(name =>
                Fields(study.Improvements.FirstOrDefault(i => string.Equals(i.Over, name, StringComparison.Ordinal))?.Probability)),
        ];
    }

    private static string Field(double? number) => number?.ToString("R", CultureInfo.InvariantCulture) ?? string.Empty;

    private static List<string> Headings(Comparison comparison) =>
        ["study", "runs", "mean", "IQM", .. comparison.References.Select(static name => $"P(better than {name})")];

    private static List<string> Cells(Comparison comparison, ComparedStudy study) =>
    [
        study.Study.Name,
        ComparisonText.Runs(study),
        ComparisonFigures.Score(study, study.Mean, comparison),
        ComparisonFigures.Score(study, study.InterquartileMean, comparison),
        .. comparison.References.Select(name => ComparisonText.Improvement(study, name) ?? "-"),
    ];

    private static string Markdown(string text) => string.Concat(Words.OneLine(text).Select(static c => c is '|' or '\\' or '`' or '*' or '_' or '<' or '[' or ']' ? $"\\{c}" : $"{c}"));

    private static string Latex(string text) => string.Concat(Words.OneLine(text).Select(static c => c switch
    {
        '\\' => "\\textbackslash{}",
        '~' => "\\textasciitilde{}",
        '^' => "\\textasciicircum{}",
        '_' or '%' or '&' or '#' or '$' or '{' or '}' => $"\\{c}",
        _ => $"{c}",
    }));

    // A minus sign, and a space before the bracket.
    private static string Mathematics(string figure) =>
        figure.Equals("-", StringComparison.Ordinal) ? "--" : $"${figure.Replace(" [", "\\ [", StringComparison.Ordinal)}$";
}
