using Pbt.Client;
using Pbt.Samples.Ppo;

namespace Pbt.Samples.Control;

/// <summary>A trainer that stays in memory: one process trains one interval after another, of whichever member is due.</summary>
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
            await Console.Error.WriteLineAsync($"control: {exception.Message}");
            await Console.Error.WriteLineAsync(Options.Usage);
            return BadUsage;
        }
        catch (Exception exception) when (exception is ProtocolException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"control: {exception.Message}");
            return Failed;
        }
    }

    private static async Task<int> RunAsync(Options options)
    {
        // Under pbt, all of this but the defaults is left to the study.
        await using var session = await TrainerSession.ConnectAsync(new SessionOptions
        {
            Defaults = options.Hyperparameters.Values.ToDictionary(
                pair => pair.Key, pair => HyperparameterValue.FromDouble(pair.Value), StringComparer.Ordinal),
            Steps = options.Steps,
            Intervals = options.Intervals,
            Seed = options.Seed,
            CheckpointDirectory = options.Checkpoints,
        });

        TrainingState? state = null;
        await foreach (var interval in session.IntervalsAsync())
        {
            try
            {
                state = TakeUp(options.Task, interval, state);
                var summary = Train(state, interval);
                state.EnsureUsable();

                // The checkpoint first, then the result, which says that it is in place.
                Checkpoint.Save(state, interval.CheckpointOut);
                var metrics = new Dictionary<string, double>(summary.Metrics, StringComparer.Ordinal) { ["total_steps"] = state.TotalSteps };
                await interval.CompleteAsync(state.RecentReturns.Average(), state.RecentReturns, metrics, summary.Steps);
            }
            catch (Exception exception) when (exception is TrainingException or UsageException or InvalidDataException or IOException or UnauthorizedAccessException)
            {
                // This interval is lost, but the program is as good as new: it goes on with the next one.
                await interval.FailAsync(exception.Message);
            }
        }

        // A plain run that was told to end, or that failed, has set it.
        return Environment.ExitCode;
    }

    /// <summary>Where the interval starts: from what is in memory, from a checkpoint, or from scratch.</summary>
    private static TrainingState TakeUp(PpoTask task, TrainingInterval interval, TrainingState? inMemory)
    {
        var seed = (ulong)interval.Seed;
        if (interval is { Reload: true, CheckpointIn: null })
            return TrainingState.Create(task, seed);

        // A checkpoint may be another member's: this is how weights are inherited.
        var state = interval.Reload || inMemory is null ? Checkpoint.Load(task, interval.CheckpointIn!) : inMemory;

        // Draw anew, also in memory: two members that go on from one checkpoint would else live through the same luck, and what
        // comes of an interval must not depend on whether its start had to be loaded.
        state.Random = Generator.FromSeed(seed);
        return state;
    }

    /// <summary>Trains with this interval's hyperparameters; neither memory nor checkpoint knows any.</summary>
    private static TrainingSummary Train(TrainingState state, TrainingInterval interval)
    {
        var hyperparameters = new Ppo.Hyperparameters();
        foreach (var (name, value) in interval.Hyperparameters)
            hyperparameters = hyperparameters.With(name, value.ToString());
        if (interval.Steps is not { } steps)
            throw new UsageException("The study measures intervals in seconds; this trainer counts steps: give interval: { steps: … }.");

        return new PpoTrainer(state, hyperparameters).Train(steps, progress =>
        {
            if (progress.EpisodeReturnMean is { } mean)
                interval.Progress(progress.TotalSteps, ("episode_return_mean", mean), ("entropy", progress.Entropy));
        });
    }
}
