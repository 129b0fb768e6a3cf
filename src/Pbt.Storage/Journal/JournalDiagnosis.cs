using System.Collections.Immutable;
using Pbt.Core.Population;

namespace Pbt.Storage.Journal;

/// <summary>In what state a journal is.</summary>
public enum JournalCondition
{
    /// <summary>Every line is as pbt wrote it, and follows from those before it.</summary>
    Intact,

    /// <summary>A crash tore its end: the next writer cuts that by itself, and nothing that was confirmed is lost.</summary>
    Torn,

    /// <summary>Something in it is not as pbt wrote it.</summary>
    Damaged,
}

/// <summary>An interval whose completion would be cut.</summary>
/// <param name="Member">Whose.</param>
/// <param name="Interval">Which one.</param>
public readonly record struct LostInterval(MemberId Member, int Interval);

/// <summary>What is wrong with a journal, what of it is kept and what a repair would cut.</summary>
/// <remarks>Lines and bytes count over the whole file, lines from 1 and bytes from 0.</remarks>
public sealed record JournalDiagnosis
{
    /// <summary>In what state it is; unless it is damaged, nothing else says anything.</summary>
    public required JournalCondition Condition { get; init; }

    /// <summary>The fold of what is kept: of the whole transactions before the damage.</summary>
    public required StudyState State { get; init; }

    /// <summary>The events that are kept.</summary>
    public required long KeptEvents { get; init; }

    /// <summary>The bytes that are kept.</summary>
    public required long KeptBytes { get; init; }

    /// <summary>The bytes that would be cut.</summary>
    public required long CutBytes { get; init; }

    /// <summary>The line at which the damage is.</summary>
    public long DamagedLine { get; init; }

    /// <summary>Where that line begins.</summary>
    public long DamagedOffset { get; init; }

    /// <summary>What is wrong with it: a clause.</summary>
    public string What { get; init; } = string.Empty;

    /// <summary>Lines that would be cut and could not be read.</summary>
    public long UnreadableLines { get; init; }

    /// <summary>How many events of each kind would be cut, of those that could be read.</summary>
    public ImmutableSortedDictionary<string, long> CutEvents { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>The lines after the damaged one that are intact in themselves: first and last of each run.</summary>
    public ImmutableArray<(long First, long Last)> IntactLines { get; init; } = [];

    /// <summary>The completed intervals that would be cut, in the order in which they completed.</summary>
    public ImmutableArray<LostInterval> LostIntervals { get; init; } = [];

    /// <summary>Completed intervals that would be cut and of which the log cannot tell any more whose they were.</summary>
    public long LostUnknownIntervals { get; init; }

    /// <summary>The workers that may have been at work when the last line was written.</summary>
    public ImmutableArray<WorkerState> Workers { get; init; } = [];

    /// <summary>No attempt of the whole journal has a higher number.</summary>
    public required AttemptId HighestAttempt { get; init; }

    /// <summary>All lines that would be cut.</summary>
    public long CutLines => UnreadableLines + CutEvents.Values.Sum();
}
