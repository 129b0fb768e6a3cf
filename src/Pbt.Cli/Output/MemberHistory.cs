using Pbt.Core.Population;
using Pbt.Storage;

namespace Pbt.Cli.Output;

/// <summary>What is shown of one member.</summary>
/// <param name="State">The study.</param>
/// <param name="Member">The member.</param>
/// <param name="Interval">The one interval asked for, or null for all.</param>
/// <param name="Intervals">The ended intervals that are shown.</param>
/// <param name="Attempts">Their attempts and those of the interval that is not over.</param>
internal sealed record MemberHistory(
    StudyState State, MemberState Member, int? Interval, IReadOnlyList<IntervalRecord> Intervals, IReadOnlyList<AttemptEntry> Attempts)
{
    /// <summary>Where the last of the attempts keeps its log, or null if there was none.</summary>
    public string? LogIn(StudyDirectory directory) => Attempts.Count == 0 ? null : LogIn(directory, Attempts[^1]);

    /// <summary>Where an attempt keeps its log.</summary>
    public string LogIn(StudyDirectory directory, AttemptEntry attempt) =>
        directory.LogOf(new CheckpointId(Member.Id, attempt.Interval, attempt.Id));
}
