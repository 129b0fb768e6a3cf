using Pbt.Runtime.Trainers;

namespace Pbt.Benchmarks.Workers;

/// <summary>A trainer that sleeps for an interval, and leaves a small checkpoint.</summary>
internal sealed class SleepingRunner(TimeSpan interval) : IAttemptRunner
{
    public async Task<TrainerOutcome> RunAsync(AttemptContext context, CancellationToken interrupt, CancellationToken kill)
    {
        try
        {
            await Task.Delay(interval, interrupt);
        }
        catch (OperationCanceledException)
        {
            return new TrainerOutcome.Interrupted();
        }

        await File.WriteAllTextAsync(Path.Combine(context.CheckpointOut, "state"), "state", CancellationToken.None);
        return new TrainerOutcome.Completed(TrainerResult.Of(context.Assignment.Interval));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
