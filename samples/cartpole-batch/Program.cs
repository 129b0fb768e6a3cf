using Pbt.Client;
using Pbt.Samples.Ppo;

namespace Pbt.Samples.CartpoleBatch;

/// <summary>A batch trainer: one process trains many members at once, and stays in memory.</summary>
public static class Program
{
    private const int Failed = 1;
    private const int BadUsage = 2;

    public static async Task<int> Main(string[] arguments)
    {
        try
        {
            return await RunAsync(Options.Parse(arguments));
        }
        catch (UsageException exception)
        {
            await Console.Error.WriteLineAsync($"cartpole-batch: {exception.Message}");
            await Console.Error.WriteLineAsync(Options.Usage);
            return BadUsage;
        }
        catch (Exception exception) when (exception is ProtocolException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"cartpole-batch: {exception.Message}");
            return Failed;
        }
    }

    private static async Task<int> RunAsync(Options options)
    {
        await using var session = await TrainerSession.ConnectAsync(new SessionOptions
        {
            Capacity = options.Capacity,
            Defaults = new Ppo.Hyperparameters().Values.ToDictionary(
                pair => pair.Key, pair => HyperparameterValue.FromDouble(pair.Value), StringComparer.Ordinal),
            Steps = options.Steps,
            CheckpointDirectory = options.Checkpoints,
        });

        var trainer = new BatchTrainer(options.Threads);
        var held = new HeldStates(session.Places);
        Console.WriteLine($"{session.Places} places, {BatchTrainer.Lanes} lanes, {options.Threads} threads");
        try
        {
            await foreach (var batch in session.BatchesAsync())
                await TrainAsync(trainer, held, batch, session.Stopping);
        }
        catch (OperationCanceledException) when (session.Stopping.IsCancellationRequested)
        {
            // What was not completed is given back.
        }

        Console.WriteLine($"{held.Copies} donors copied in memory");
        return Environment.ExitCode;
    }

    private static async Task TrainAsync(
        BatchTrainer trainer, HeldStates held, IReadOnlyList<TrainingInterval> batch, CancellationToken stopping)
    {
        // What fails, fails for one interval; the others of the batch do not notice.
        var failures = new List<(TrainingInterval Interval, string Reason)>();
        var members = new Dictionary<BatchMember, TrainingInterval>(ReferenceEqualityComparer.Instance);
        foreach (var (interval, state) in held.TakeUp(batch, (interval, exception) => failures.Add((interval, exception.Message))))
        {
            try
            {
                members.Add(Member(interval, state), interval);
            }
            catch (UsageException exception)
            {
                failures.Add((interval, exception.Message));
            }
        }

        foreach (var (interval, reason) in failures)
            await interval.FailAsync(reason);
        await trainer.TrainAsync(members.Keys, (member, summary) => EndAsync(held, members[member], member.State, summary), stopping);
    }

    /// <summary>Applies this interval's hyperparameters; neither memory nor checkpoint knows any.</summary>
    private static BatchMember Member(TrainingInterval interval, TrainingState state)
    {
        var hyperparameters = new Ppo.Hyperparameters();
        foreach (var (name, value) in interval.Hyperparameters)
            hyperparameters = hyperparameters.With(name, value.ToString());
        if (interval.Steps is not { } steps)
            throw new UsageException("The study measures intervals in seconds; this trainer counts steps: give interval: { steps: … }.");

        return new BatchMember(state, hyperparameters, steps, progress =>
        {
            if (progress.EpisodeReturnMean is { } mean)
                interval.Progress(progress.TotalSteps, ("episode_return_mean", mean), ("entropy", progress.Entropy));
        });
    }

    private static async Task EndAsync(HeldStates held, TrainingInterval interval, TrainingState state, TrainingSummary summary)
    {
        try
        {
            state.EnsureUsable();

            // The checkpoint first, then the result, which says that it is in place: pbt may answer at once.
            Checkpoint.Save(state, interval.CheckpointOut);
            held.Hold(interval, state);
            var metrics = new Dictionary<string, double>(summary.Metrics, StringComparer.Ordinal) { ["total_steps"] = state.TotalSteps };
            await interval.CompleteAsync(state.RecentReturns.Average(), state.RecentReturns, metrics, summary.Steps);
        }
        catch (Exception exception) when (exception is TrainingException or IOException or UnauthorizedAccessException)
        {
            await interval.FailAsync(exception.Message);
        }
    }
}
