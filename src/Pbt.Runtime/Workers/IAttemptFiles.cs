using Pbt.Core.Population;
using Pbt.Runtime.Trainers;

namespace Pbt.Runtime.Workers;

/// <summary>The files of attempts besides their checkpoints: logs, and what is short-lived.</summary>
/// <remarks>Thread-safe.</remarks>
public interface IAttemptFiles
{
    /// <summary>Makes room for an attempt's files; short-lived ones of an earlier try are removed.</summary>
    /// <param name="attempt">Whose.</param>
    /// <param name="hasScratch">Whether it needs the directory for short-lived files.</param>
    /// <exception cref="IOException">It could not be made.</exception>
    AttemptPaths Prepare(CheckpointId attempt, bool hasScratch);

    /// <summary>Writes a little, to tell a full or read-only disk from a trainer's own failure.</summary>
    /// <exception cref="IOException">Nothing can be written just now.</exception>
    void Probe(AttemptId attempt);

    /// <summary>Whether there is next to no space left, as far as the file system tells.</summary>
    bool IsFull();

    /// <summary>A directory of a running attempt that somebody has deleted, or null.</summary>
    string? FindDeleted(AttemptContext context);

    /// <summary>Where an attempt's log is, in words that a user can use.</summary>
    string LogOf(CheckpointId attempt);

    /// <summary>Removes the short-lived files; the log stays.</summary>
    /// <exception cref="IOException">They could not be removed.</exception>
    void Remove(AttemptId attempt);
}

/// <summary>Where an attempt may write.</summary>
/// <param name="Log">The file that takes what the trainer prints.</param>
/// <param name="TrainerLog">The file that takes what a trainer prints that is started for this attempt and outlives it.</param>
/// <param name="Scratch">The directory for short-lived files, which is made if it is needed.</param>
public sealed record AttemptPaths(string Log, string TrainerLog, string Scratch);
