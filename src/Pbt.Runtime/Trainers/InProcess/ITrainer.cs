using System.Text.Json;
using Pbt.Core.Population;
using Pbt.Core.SearchSpaces;

namespace Pbt.Runtime.Trainers.InProcess;

/// <summary>A trainer in this process.</summary>
/// <remarks>
/// One is made for each slot and called for one interval at a time; the intervals of one slot may be of any members. It
/// starts from <see cref="TrainingInterval.CheckpointIn"/>, then applies the hyperparameters, trains, and leaves a
/// checkpoint in <see cref="TrainingInterval.CheckpointOut"/>. If it implements <see cref="IAsyncDisposable"/> or
/// <see cref="IDisposable"/> it is disposed with its slot.
/// </remarks>
public interface ITrainer
{
    /// <summary>Whether it can go on from what it has in memory since its last interval. Default no: every interval loads its checkpoint.</summary>
    bool KeepsState => false;

    /// <summary>Trains for one interval and returns its result.</summary>
    /// <remarks>An exception makes the attempt fail with its message; a cancellation that was asked for does not.</remarks>
    /// <param name="interval">What to train.</param>
    /// <param name="cancellationToken">The interval is given back; end soon, and leave nothing running.</param>
    ValueTask<TrainerResult> TrainAsync(TrainingInterval interval, CancellationToken cancellationToken);
}

/// <summary>One interval, as a trainer sees it.</summary>
/// <param name="Member">The member's index.</param>
/// <param name="Interval">Which of its intervals, from 1.</param>
/// <param name="Hyperparameters">What to train with; apply them after the checkpoint is loaded.</param>
/// <param name="CheckpointIn">The directory to start from, not to be written to; null is from scratch.</param>
/// <param name="CheckpointOut">The empty directory to write the checkpoint to.</param>
/// <param name="Steps">How many steps; null if the interval is measured in seconds.</param>
/// <param name="Seconds">How many seconds; null if the interval is measured in steps.</param>
/// <param name="Seed">The seed of all that is random.</param>
/// <param name="Report">Takes progress: a JSON object such as <c>{"step": 10, "loss": 0.5}</c>. Thread-safe.</param>
public sealed record TrainingInterval(
    MemberId Member,
    int Interval,
    Hyperparameters Hyperparameters,
    string? CheckpointIn,
    string CheckpointOut,
    long? Steps,
    double? Seconds,
    int Seed,
    Action<JsonElement> Report)
{
    /// <summary>
    /// True: load <see cref="CheckpointIn"/>, or begin from scratch where that is null. False, which only a trainer that
    /// <see cref="ITrainer.KeepsState"/> is told: go on from what its last interval has left in memory, which is the same.
    /// </summary>
    public bool Reload { get; init; } = true;

    /// <summary>Whose interval produced the checkpoint that it starts from: another member's after an exploit. Null where there is none, or it is not of the study.</summary>
    public CheckpointId? Donor { get; init; }
}
