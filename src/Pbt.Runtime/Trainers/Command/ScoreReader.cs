using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Storage.FileSystem;

namespace Pbt.Runtime.Trainers.Command;

/// <summary>Finds the score of a command that has ended well.</summary>
internal static class ScoreReader
{
    private static readonly TimeSpan SearchLimit = TimeSpan.FromSeconds(5);

    /// <summary>Reads the result from where the spec says it is.</summary>
    /// <param name="source">Where.</param>
    /// <param name="resultPath">The result file.</param>
    /// <param name="log">The end of what the command printed.</param>
    /// <param name="spec">The study's spec.</param>
    /// <param name="time">Measures how long a regular expression searches.</param>
    public static ResultReading Read(ScoreSource source, string resultPath, string log, StudySpec spec, TimeProvider time) => source switch
    {
        ResultFileScore => FromFile(resultPath, spec) ?? Missing("wrote no result file: write {\"score\": 1.5} to the path in $PBT_RESULT"),
        LastJsonLineScore => FromLastJsonLine(log, spec) ?? Missing("printed no JSON object on a line of its own, such as {\"score\": 1.5}, in the last 64 KiB of its output"),
        RegexScore regex => FromRegex(regex, log, time),
        _ => FromFile(resultPath, spec)
            ?? FromLastJsonLine(log, spec)
            ?? Missing("gave no score: it wrote no file to the path in $PBT_RESULT and printed no JSON object on a line of its own, such as {\"score\": 1.5}, in the last 64 KiB of its output"),
    };

    private static ResultReading.Invalid Missing(string reason) => new(FailureKind.InvalidResult, "the program " + reason);

    private static ResultReading? FromFile(string path, StudySpec spec)
    {
        using var file = UntrustedFile.TryOpen(path, out var kind);
        if (file is null)
        {
            return kind == FileKind.Missing
                ? null
                : new ResultReading.Invalid(FailureKind.InvalidResult, $"what stands at $PBT_RESULT is {FileKinds.Describe(kind)}; write a regular file there");
        }

        var length = RandomAccess.GetLength(file);
        return length > TrainerResultReader.MaxBytes
            ? new ResultReading.Invalid(FailureKind.InvalidResult, $"the result file has {length} bytes; at most {TrainerResultReader.MaxBytes} are read")
            : TrainerResultReader.Read(Encoding.UTF8.GetString(UntrustedFile.Read(file, offset: 0, TrainerResultReader.MaxBytes)).TrimStart('\uFEFF'), "the result file", spec);
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

    private static ResultReading FromRegex(RegexScore source, string log, TimeProvider time)
    {
        var pattern = new Regex(source.Pattern, RegexOptions.Multiline | RegexOptions.CultureInvariant, SearchLimit);
        Match? last = null;
        var began = time.GetTimestamp();
        var isTooLong = false;
        try
        {
            // The engine's limit is for each match, and there may be many.
            for (var match = pattern.Match(log); match.Success && !isTooLong; match = match.NextMatch())
            {
                last = match;
                isTooLong = time.GetElapsedTime(began) > SearchLimit;
            }
        }
        catch (RegexMatchTimeoutException)
        {
            isTooLong = true;
        }

        if (isTooLong)
            return Missing($"printed what the regular expression '{source.Pattern}' takes more than {SearchLimit.TotalSeconds} s to search: make it simpler");

        if (last is null)
            return Missing($"printed nothing that the regular expression '{source.Pattern}' finds");

        var text = (last.Groups["score"] is { Success: true } named ? named : last.Groups[1]).Value;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var score))
            return new ResultReading.Invalid(FailureKind.InvalidScore, $"the regular expression '{source.Pattern}' found '{(text.Length <= 60 ? text : text[..57] + "...")}', which is no number");

        return double.IsFinite(score)
            ? new ResultReading.Valid(TrainerResult.Of(score))
            : new ResultReading.Invalid(FailureKind.InvalidScore, $"the score printed is {text}");
    }
}
