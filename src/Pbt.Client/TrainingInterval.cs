namespace Pbt.Client;

/// <summary>One interval that is to be trained.</summary>
/// <remarks>
/// Load (if <see cref="Reload"/>), then apply the hyperparameters, train, write the checkpoint, and end it by
/// <see cref="CompleteAsync"/>, once. Its methods are thread-safe.
/// </remarks>
public sealed class TrainingInterval
{
    private readonly TrainerSession _session;
    private int _ended;

    internal TrainingInterval(TrainerSession session) => _session = session;

    /// <summary>The attempt's number, never used again in a study; 0 where it has none.</summary>
    public required long Attempt { get; init; }

    /// <summary>The place of the trainer that takes it, from 0 to <see cref="TrainerSession.Places"/> − 1.</summary>
    public int Place { get; init; }

    /// <summary>Whose interval it is, from 0.</summary>
    public required int Member { get; init; }

    /// <summary>Which of the member's intervals, from 1.</summary>
    public required int Interval { get; init; }

    /// <summary>What to train with. To be applied after a checkpoint is loaded, and also where nothing is loaded.</summary>
    public required Hyperparameters Hyperparameters { get; init; }

    /// <summary>True: load <see cref="CheckpointIn"/>, or begin from scratch where that is null. False: go on from what this place has in memory.</summary>
    public required bool Reload { get; init; }

    /// <summary>The directory of the checkpoint that it starts from, never to be written to; null is from scratch.</summary>
    public required string? CheckpointIn { get; init; }

    /// <summary>The empty directory for the checkpoint.</summary>
    public required string CheckpointOut { get; init; }

    /// <summary>Whose checkpoint <see cref="CheckpointIn"/> is; null where there is none, or it is not of the study, or is not known.</summary>
    /// <remarks>After an exploit this is another member. A batch trainer that still has it in memory may copy it there.</remarks>
    public IntervalOrigin? Donor { get; init; }

    /// <summary>How many steps; null if the interval is not measured in steps.</summary>
    public required long? Steps { get; init; }

    /// <summary>How many seconds; null if the interval is not measured in time.</summary>
    public required double? Seconds { get; init; }

    /// <summary>The seed of all that is random in it: 0 … 2³¹ − 2.</summary>
    public required int Seed { get; init; }

    /// <summary>As <see cref="TrainerSession.Stopping"/>: leave the loop without completing, and the interval is given back.</summary>
    public CancellationToken Stopping => _session.Stopping;

    /// <summary>Whether it was completed, has failed or was given back.</summary>
    public bool HasEnded => Volatile.Read(ref _ended) != 0;

    /// <summary>Says how it goes, for looking at only.</summary>
    /// <remarks>
    /// Cheap: it is sent later, together with others, but before the interval's completion. Left out if the worker is far behind,
    /// if it is longer than 64 KiB, or after the interval's end. Numbers that are not finite are sent as they are.
    /// </remarks>
    /// <param name="step">The step, from 0.</param>
    /// <param name="metrics">Measurements by name.</param>
    public void Progress(long step, params ReadOnlySpan<(string Name, double Value)> metrics)
    {
        if (!HasEnded)
            _session.Report(this, step, metrics);
    }

    /// <summary>Ends it well; the checkpoint is whole in <see cref="CheckpointOut"/>, its files are closed, and it is not touched any more.</summary>
    /// <remarks>
    /// Completes when the worker has been told. A score that is not finite is sent as it is; pbt then takes the interval for
    /// failed and repeats it from the checkpoint that it started from, up to <c>max_attempts</c> times.
    /// </remarks>
    /// <param name="score">The objective's value; may be left out where the metrics have the objective's metric, or the spec has <c>evaluate</c>.</param>
    /// <param name="samples">Single measurements behind the score; at most 100,000.</param>
    /// <param name="metrics">Other measurements by name; at most 1,000, with names of 500 characters.</param>
    /// <param name="steps">The steps it took, if not <see cref="Steps"/>.</param>
    /// <exception cref="ArgumentException">The result is larger than the protocol allows; the interval has not ended.</exception>
    /// <exception cref="InvalidOperationException">It has ended before.</exception>
    public ValueTask CompleteAsync(
        double? score = null, IReadOnlyCollection<double>? samples = null, IReadOnlyDictionary<string, double>? metrics = null, long? steps = null)
    {
        var result = IntervalResult.Of(score, samples, metrics, steps);
        var encoded = _session.Encode(this, result);
        End();
        return _session.CompleteAsync(this, result, encoded);
    }

    /// <summary>Ends it as failed: it is repeated from the same checkpoint with another seed, up to <c>max_attempts</c> times.</summary>
    /// <param name="reason">Why; the first 4,000 characters are kept.</param>
    /// <exception cref="InvalidOperationException">It has ended before.</exception>
    public ValueTask FailAsync(string reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        End();
        return _session.FailAsync(this, reason);
    }

    /// <summary>Gives it back: it is repeated with the same seed, here or elsewhere, and counts for nothing.</summary>
    /// <param name="reason">Why, for the log.</param>
    /// <exception cref="InvalidOperationException">It has ended before.</exception>
    public ValueTask ReleaseAsync(string reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        End();
        return _session.ReleaseAsync(this, reason);
    }

    /// <inheritdoc/>
    public override string ToString() => $"m{Member}, interval {Interval}";

    /// <summary>Ends it, unless it has ended.</summary>
    /// <returns>Whether it had not.</returns>
    internal bool TryEnd() => Interlocked.Exchange(ref _ended, 1) == 0;

    private void End()
    {
        if (!TryEnd())
            throw new InvalidOperationException($"The attempt {Attempt} ({this}) has ended before: an interval is completed, failed or released once.");
    }
}
