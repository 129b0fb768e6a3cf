using Pbt.Core.Population;

namespace Pbt.Runtime.Trainers;

/// <summary>Runs attempts, one after the other, in one slot of a worker.</summary>
/// <remarks>Called by one slot at a time; disposed when the slot closes.</remarks>
public interface IAttemptRunner : IAsyncDisposable
{
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
