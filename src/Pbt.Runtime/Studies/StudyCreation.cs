using System.Text;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;
using Pbt.Storage.FileSystem;

namespace Pbt.Runtime.Studies;

/// <summary>What came of asking for a study.</summary>
public abstract record StudyOpening
{
    private StudyOpening()
    {
    }

    /// <summary>Why it cannot be run as it is, and how to proceed; null if it can.</summary>
    /// <param name="directory">Where the study is, for the message.</param>
    public string? Objection(string directory) => this switch
    {
        Refused refused => $"{directory} holds a study with another spec; nothing was changed:{Environment.NewLine}{string.Join(Environment.NewLine, refused.Reasons)}",
        Resumed { Phase: StudyPhase.Failed or StudyPhase.Stopped } ended =>
            $"the study in {directory} has {(ended.Phase == StudyPhase.Failed ? "failed" : "been stopped")}; `pbt resume {directory}` reopens it, then run again; or use another --dir for a new one",
        _ => null,
    };

    /// <summary>It is new.</summary>
    public sealed record Created : StudyOpening;

    /// <summary>It was there, with the same spec, or it has failed or been stopped, and nothing was changed.</summary>
    /// <param name="Phase">Its state.</param>
    public sealed record Resumed(StudyPhase Phase) : StudyOpening;

    /// <summary>It was there, and its spec was changed as allowed.</summary>
    /// <param name="Changes">The changes, in words.</param>
    public sealed record Changed(IReadOnlyList<string> Changes) : StudyOpening;

    /// <summary>It was there with another spec, and nothing was done.</summary>
    /// <param name="Reasons">Each change that is not allowed, and how to proceed.</param>
    public sealed record Refused(IReadOnlyList<string> Reasons) : StudyOpening;
}

/// <summary>Creates a study, or takes up the one that is there.</summary>
public static class StudyCreation
{
    /// <summary>Makes the study's log hold this spec, if it may.</summary>
    /// <param name="study">The study, opened; its log may be empty.</param>
    /// <param name="spec">What is wanted.</param>
    /// <param name="accepted">Paths whose change the user accepts by name.</param>
    /// <param name="pbtVersion">The version that creates it.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<StudyOpening> OpenAsync(
        OpenStudy study, StudySpec spec, IReadOnlySet<string> accepted, string pbtVersion, CancellationToken cancellationToken)
    {
        var committed = await study.Store.TransactAsync(transaction => Open(transaction, spec, accepted, pbtVersion), cancellationToken);
        return committed.Value;
    }

    /// <summary>Writes the spec's text beside the log, for people, unless it is there.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public static void KeepText(OpenStudy study, string text)
    {
        if (FileKinds.Of(study.Directory.Spec) != FileKind.Missing)
            return;

        using var file = UntrustedFile.OpenToWrite(study.Directory.Spec, append: false);
        RandomAccess.Write(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetBytes(text), fileOffset: 0);
    }

    /// <summary>The changes between two specs that a study does not go on with, each with its reason and how to proceed; empty if it does.</summary>
    /// <param name="old">The study's spec.</param>
    /// <param name="new">What is wanted.</param>
    /// <param name="accepted">Paths whose change the user accepts by name.</param>
    public static IReadOnlyList<string> Objections(StudySpec old, StudySpec @new, IReadOnlySet<string> accepted) =>
        [.. SpecDifference.Between(old, @new).Select(change => Objection(change, old.Objective.Goal, accepted)).OfType<string>()];

    /// <summary>Refuses a directory that holds something else than a study.</summary>
    /// <exception cref="InvalidRequestException">It does.</exception>
    public static void RefuseForeign(Storage.StudyDirectory directory)
    {
        if (File.Exists(directory.Root))
            throw new InvalidRequestException($"{directory.Root} is a file; give a directory that is empty or does not exist yet");

        if (!Directory.Exists(directory.Root))
            return;

        var foreign = Directory.EnumerateFileSystemEntries(directory.Root).FirstOrDefault(entry => !Path.GetFullPath(entry).StartsWith(directory.Spec, StringComparison.Ordinal));

        // Asked last: another process may be creating the study at this moment, and its journal comes before all else.
        if (foreign is not null && !directory.HasStudy)
            throw new InvalidRequestException($"{directory.Root} holds {Path.GetFileName(foreign)} and no study; give a directory that is empty or does not exist yet");
    }

    private static StudyOpening Open(StudyTransaction transaction, StudySpec spec, IReadOnlySet<string> accepted, string pbtVersion)
    {
        if (!transaction.State.Exists)
        {
            StudyScheduler.Create(transaction, spec, pbtVersion);
            return new StudyOpening.Created();
        }

        var changes = SpecDifference.Between(transaction.State.Spec, spec);
        if (changes.Count == 0)
            return new StudyOpening.Resumed(transaction.State.Phase);

        var refused = Objections(transaction.State.Spec, spec, accepted);
        if (refused.Count > 0)
            return new StudyOpening.Refused(refused);

        // What a user or a failure has ended is not changed either until the user reopens it.
        if (transaction.State.Phase is StudyPhase.Failed or StudyPhase.Stopped)
            return new StudyOpening.Resumed(transaction.State.Phase);

        var words = changes.Select(static change => change.ToString()).ToList();
        StudyScheduler.ChangeSpec(transaction, spec, [.. words]);
        return new StudyOpening.Changed(words);
    }

    private static string? Objection(SpecChange change, Goal goal, IReadOnlySet<string> accepted) => SpecChangePolicy.Classify(change, goal) switch
    {
        SpecChangeVerdict.Refused refused => $"{change}: not possible, since {refused.Reason}; use another --dir for a new study",
        SpecChangeVerdict.NeedsAcceptance needed when !accepted.Any(change.IsIn) =>
            $"{change}: {needed.Reason}; accept it by `--accept-change {change.Path}`, or use another --dir for a new study",
        _ => null,
    };
}
