using System.Globalization;
using Pbt.Core.Population;
using Pbt.Storage;
using Pbt.Storage.Checkpoints;

namespace Pbt.Cli.Output;

/// <summary>What attempts have left in a study's directory, whether the log knows of them or not.</summary>
internal static class AttemptTraces
{
    /// <summary>The highest number of an attempt that has left a checkpoint, scratch files or a log; 0 if none has.</summary>
    public static AttemptId Highest(StudyDirectory study, IEnumerable<StoredCheckpoint> stored)
    {
        var logs = Directory.Exists(study.Logs) ? Directory.EnumerateFiles(study.Logs, "i*-a*.log", SearchOption.AllDirectories) : [];
        return stored.Select(static found => found.Id.Attempt)
            .Concat(Garbage.ScratchIn(study))
            .Concat(logs.Select(static path => OfLog(Path.GetFileNameWithoutExtension(path))))
            .DefaultIfEmpty()
            .Max();
    }

    private static AttemptId OfLog(string name) =>
        long.TryParse(name.AsSpan(name.LastIndexOf('a') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? new AttemptId(number) : default;
}
