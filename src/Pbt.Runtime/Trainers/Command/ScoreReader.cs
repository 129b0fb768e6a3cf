using System.Globalization;
using System.Text.RegularExpressions;
using Pbt.Core.Population;
using Pbt.Core.Studies;

namespace Pbt.Runtime.Trainers.Command;

/// <summary>Finds the score of a command that has ended well.</summary>
internal static class ScoreReader
{
    /// <summary>Reads the result from where the spec says it is.</summary>
    /// <param name="source">Where.</param>
    /// <param name="resultPath">The result file.</param>
    /// <param name="log">The end of what the command printed.</param>
    /// <param name="spec">The study's spec.</param>
    public static ResultReading Read(ScoreSource source, string resultPath, string log, StudySpec spec) => source switch
    {
        ResultFileScore => FromFile(resultPath, spec) ?? Missing("wrote no result file: write {\"score\": 1.5} to the path in $PBT_RESULT"),
        LastJsonLineScore => FromLastJsonLine(log, spec) ?? Missing("printed no JSON object on a line of its own, such as {\"score\": 1.5}"),
        RegexScore regex => FromRegex(regex, log),
        _ => FromFile(resultPath, spec)
            ?? FromLastJsonLine(log, spec)
            ?? Missing("gave no score: it wrote no file to the path in $PBT_RESULT and printed no JSON object on a line of its own, such as {\"score\": 1.5}"),
    };

    private static ResultReading.Invalid Missing(string reason) => new(FailureKind.InvalidResult, "the program " + reason);

    private static ResultReading? FromFile(string path, StudySpec spec)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            return null;

        return file.Length > TrainerResultReader.MaxBytes
            ? new ResultReading.Invalid(FailureKind.InvalidResult, $"the result file has {file.Length} bytes; at most {TrainerResultReader.MaxBytes} are read")
            : TrainerResultReader.Read(File.ReadAllText(path), "the result file", spec);
    }

    private static ResultReading? FromLastJsonLine(string log, StudySpec spec)
    {
        foreach (var line in log.Split('\n').Reverse())
        {
            var text = line.Trim();
            if (text.StartsWith('{') && text.EndsWith('}'))
                return TrainerResultReader.Read(text, "the last JSON line", spec);
        }

        return null;
    }

    private static ResultReading FromRegex(RegexScore source, string log)
    {
        var pattern = new Regex(source.Pattern, RegexOptions.Multiline | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5));
        Match? last = null;
        try
        {
            for (var match = pattern.Match(log); match.Success; match = match.NextMatch())
                last = match;
        }
        catch (RegexMatchTimeoutException)
        {
            return Missing($"printed what the regular expression '{source.Pattern}' takes too long to search: make it simpler");
        }

        if (last is null)
            return Missing($"printed nothing that the regular expression '{source.Pattern}' finds");

        var text = (last.Groups["score"] is { Success: true } named ? named : last.Groups[1]).Value;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var score))
            return new ResultReading.Invalid(FailureKind.InvalidScore, $"the regular expression '{source.Pattern}' found '{text}', which is no number");

        return double.IsFinite(score)
            ? new ResultReading.Valid(TrainerResult.Of(score))
            : new ResultReading.Invalid(FailureKind.InvalidScore, $"the score printed is {text}");
    }
}
