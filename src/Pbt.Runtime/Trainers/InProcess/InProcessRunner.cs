using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Core.Wording;

namespace Pbt.Runtime.Trainers.InProcess;

/// <summary>Runs attempts by a trainer in this process, on a thread of the pool.</summary>
/// <remarks>A trainer that goes on after <c>trainer.timeout</c> cannot be ended: its slot waits for it.</remarks>
public sealed class InProcessRunner(ITrainer trainer, TimeProvider time) : IAttemptRunner
{
    private const int MinTestSamples = 2;
    private CheckpointId? _held;

    /// <inheritdoc/>
    public bool Holds(int place, CheckpointId checkpoint) => trainer.KeepsState && _held == checkpoint;

    /// <inheritdoc/>
    public async Task<TrainerOutcome> RunAsync(AttemptContext context, CancellationToken interrupt, CancellationToken kill)
    {
        var assignment = context.Assignment;
        var interval = new TrainingInterval(
            assignment.Member,
            assignment.Interval,
            assignment.Hyperparameters,
            context.CheckpointIn,
            context.CheckpointOut,
            context.Spec.Interval.Steps,
            context.Spec.Interval.Seconds,
            assignment.Seed,
            line => context.Progress([line]))
        {
            Reload = !context.IsHeld,
            Donor = assignment.CheckpointIn,
        };
        _held = null;
        using var overdue = new CancellationTokenSource(context.Spec.Trainer.Timeout ?? Timeout.InfiniteTimeSpan, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(interrupt, kill, overdue.Token);
        try
        {
            // Most trainers compute without ever waiting, and the other slots must not wait for that.
            var result = await Task.Run(() => trainer.TrainAsync(interval, ended.Token).AsTask(), CancellationToken.None);
            _held = assignment.CheckpointOut;
            return Check(result, context.Spec);
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested || kill.IsCancellationRequested)
        {
            return new TrainerOutcome.Interrupted();
        }
        catch (OperationCanceledException) when (overdue.IsCancellationRequested)
        {
            return new TrainerOutcome.Failed(FailureKind.TimedOut, $"the trainer took longer than its timeout of {Words.Exactly(context.Spec.Trainer.Timeout!.Value)}");
        }
#pragma warning disable CA1031 // Whatever a user's trainer throws is a failed attempt, not a failed worker.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return new TrainerOutcome.Failed(FailureKind.Crashed, $"the trainer threw {error.GetType().Name}: {error.Message}", error.ToString());
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (trainer is IAsyncDisposable asynchronous)
            await asynchronous.DisposeAsync();
        else if (trainer is IDisposable disposable)
            disposable.Dispose();
    }

    private static TrainerOutcome Check(TrainerResult result, StudySpec spec)
    {
        if (!double.IsFinite(result.Score))
            return new TrainerOutcome.Failed(FailureKind.InvalidScore, $"the score is {result.Score}");

        if (result.Samples.Any(static s => !double.IsFinite(s)) || result.Metrics.Values.Any(static m => !double.IsFinite(m)))
            return new TrainerOutcome.Failed(FailureKind.InvalidResult, "the samples and metrics hold a number that is not finite");

        return spec.Exploit is TTestExploit && result.Samples.Length < MinTestSamples
            ? new TrainerOutcome.Failed(FailureKind.InvalidResult, $"the t_test exploit compares at least {MinTestSamples} samples, and the result has {result.Samples.Length}")
            : new TrainerOutcome.Completed(result);
    }
}
