using Pbt.Core.Population;
using Pbt.Runtime.Workers;

namespace Pbt.Runtime.Trainers;

/// <summary>Runs attempts in one slot of a worker: one after the other in each of its places.</summary>
/// <remarks>
/// Most runners have one place. One with more, of which <see cref="WorkerOptions.Places"/> tells how many, is called by all of
/// them at the same time, and by each for one attempt at a time. Disposed when the slot closes.
/// </remarks>
public interface IAttemptRunner : IAsyncDisposable
{
    /// <summary>Completes when the trainer can take an attempt in this place; at once for the first.</summary>
    /// <exception cref="OperationCanceledException">The waiting was cancelled.</exception>
    Task ReadyAsync(int place, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Says that there is nothing to run in this place until something changes in the study.</summary>
    void Rest(int place)
    {
    }

    /// <summary>Whether the trainer has the state of this checkpoint in memory, in this place, and can go on from it.</summary>
    bool Holds(int place, CheckpointId checkpoint) => false;

    /// <summary>Says that the worker has been asked to stop: what runs may end until the grace is over.</summary>
    void Stop(TimeSpan grace)
    {
    }

    /// <summary>Runs one attempt to its end; what the trainer does wrong is an outcome, never an exception.</summary>
    /// <param name="context">The attempt.</param>
    /// <param name="interrupt">Asks for the attempt to be ended: politely first.</param>
    /// <param name="kill">Ends it at once.</param>
    /// <exception cref="IOException">The machinery failed, not the trainer: the attempt will be repeated.</exception>
    Task<TrainerOutcome> RunAsync(AttemptContext context, CancellationToken interrupt, CancellationToken kill);
}

/// <summary>How a trainer's run ended.</summary>
public abstract record TrainerOutcome
{
    private TrainerOutcome()
    {
    }

    /// <summary>It ended well and gave a result.</summary>
    public sealed record Completed(TrainerResult Result) : TrainerOutcome;

    /// <summary>It failed by its own fault.</summary>
    /// <param name="Kind">How.</param>
    /// <param name="Reason">In words.</param>
    /// <param name="LogTail">The last lines it printed, or null.</param>
    public sealed record Failed(FailureKind Kind, string Reason, string? LogTail = null) : TrainerOutcome;

    /// <summary>It was ended from outside.</summary>
    public sealed record Interrupted : TrainerOutcome;
}
