using System.Globalization;
using Pbt.Core.Population;
using Pbt.Storage;
using Pbt.Storage.Checkpoints;
using Pbt.Storage.FileSystem;

namespace Pbt.Cli.Output;

/// <summary>Finds the checkpoints that nobody needs.</summary>
internal static class Garbage
{
    /// <summary>Those of the checkpoints found in a store that may be deleted.</summary>
    /// <param name="listed">What the store held.</param>
    /// <param name="state">
    /// The study as it was after they were listed: so that a checkpoint that was published meanwhile is known to be needed.
    /// What is not needed in it is never needed again, so it may be old when the checkpoints are deleted.
    /// </param>
    /// <remarks>A damaged one is not needed; but while an attempt runs that had begun from it before, it stays.</remarks>
    public static IEnumerable<StoredCheckpoint> Among(IEnumerable<StoredCheckpoint> listed, StudyState state) => listed
        .Where(found => IsOver(found.Id, state) && !(found.IsPublished && (state.IsLive(found.Id) || IsBeingRead(found.Id, state))))
        .OrderBy(static found => found.Id.Attempt)
        .ThenBy(static found => found.IsPublished);

    /// <summary>The attempts that have short-lived files, running ones included.</summary>
    public static IReadOnlyList<AttemptId> ScratchIn(StudyDirectory study) =>
        FileKinds.Of(study.Attempts) == FileKind.Directory
            ? [.. Directory.EnumerateFileSystemEntries(study.Attempts).Select(static path => Path.GetFileNameWithoutExtension(path)).Select(ParseAttempt).OfType<AttemptId>().Distinct()]
            : [];

    /// <summary>Deletes the short-lived files of those attempts that are over: their worker died, and so did who cleaned up after it.</summary>
    public static void DeleteScratch(IEnumerable<AttemptId> found, StudyDirectory study, StudyState state)
    {
        foreach (var attempt in found.Where(id => id.Value < state.NextAttempt.Value && state.Find(id) is null))
        {
            StudyTree.Require(study, study.Attempts);
            StudyTree.Delete(study.ScratchOf(attempt));
            StudyTree.Delete(study.ProbeOf(attempt));
        }
    }

    private static AttemptId? ParseAttempt(string name) =>
        name.StartsWith('a') && long.TryParse(name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? new AttemptId(number) : null;

    private static bool IsBeingRead(CheckpointId id, StudyState state) => state.Attempts.Any(attempt => attempt.CheckpointIn == id);

    private static bool IsOver(CheckpointId id, StudyState state) =>
        id.Member.Value < state.Members.Count && id.Attempt.Value < state.NextAttempt.Value && state.Find(id.Attempt) is null;
}
