using System.Collections.Immutable;
using Pbt.Core.Population;
using Pbt.Storage;

namespace Pbt.Runtime.Hosting;

/// <summary>How a study stands after it was run in this process.</summary>
/// <remarks>Disposing of it deletes the files of a study that was given no directory, its checkpoints among them; else nothing.</remarks>
public sealed class StudyRunResult : IDisposable
{
    private readonly string? _temporary;

    internal StudyRunResult(StudyState state, OpenStudy study, string? temporary)
    {
        State = state;
        Directory = study.Directory;
        BestCheckpoint = state.Best?.Record.Checkpoint is { } checkpoint ? study.Checkpoints.Locate(checkpoint) : null;
        _temporary = temporary;
    }

    /// <summary>All that the study's log says.</summary>
    public StudyState State { get; }

    /// <summary>Where its files are.</summary>
    public StudyDirectory Directory { get; }

    /// <summary>Whether it has ended, completed or failed; false if it was cancelled: run it again to go on.</summary>
    public bool HasEnded => State.HasEnded;

    /// <summary>The best interval of all, its score, hyperparameters and checkpoint; null before any was completed.</summary>
    public BestInterval? Best => State.Best;

    /// <summary>The directory of the best interval's checkpoint; null before any was completed. Not to be written to.</summary>
    public string? BestCheckpoint { get; }

    /// <summary>The intervals that led to the best one, oldest first, through all its donors.</summary>
    public ImmutableArray<LineageStep> BestLineage => Lineage.Of(State, State.Best?.Record.Checkpoint);

    /// <summary>The schedule of hyperparameters that led to the best interval: stretches that did not change them.</summary>
    public ImmutableArray<ScheduleStretch> BestSchedule => Lineage.Schedule(BestLineage);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_temporary is not null && System.IO.Directory.Exists(_temporary))
            System.IO.Directory.Delete(_temporary, recursive: true);
    }
}
