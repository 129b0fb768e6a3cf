using Pbt.Samples.Ppo;

namespace Pbt.Samples.Cartpole;

/// <summary>A trainer of pbt's command protocol: one process trains one member for one interval.</summary>
public static class Program
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int BadUsage = 2;

    public static int Main(string[] arguments)
    {
        try
        {
            Run(Options.Parse(arguments));
            return Done;
        }
        catch (UsageException exception)
        {
            Console.Error.WriteLine($"cartpole: {exception.Message}");
            Console.Error.WriteLine(Options.Usage);
            return BadUsage;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException or TrainingException)
        {
            // pbt keeps the last lines of this in the study's log, and tries the interval again.
            Console.Error.WriteLine($"cartpole: {exception.Message}");
            return Failed;
        }
    }

    private static void Run(Options options)
    {
        // 1. Take up where the last interval ended. That may be another member's: this is how weights are inherited.
        var state = options.Resume is null
            ? TrainingState.Create(PpoTask.CartPole, options.Seed ?? 0)
            : Checkpoint.Load(PpoTask.CartPole, options.Resume);

        // 2. Draw anew. Two members that inherited one checkpoint would else live through the same luck.
        if (options.Resume is not null && options.Seed is { } seed)
            state.Random = Generator.FromSeed(seed);

        // 3. Train one interval with this interval's hyperparameters; the checkpoint does not know any.
        var summary = new PpoTrainer(state, options.Hyperparameters).Train(options.Steps, AppendProgress);

        // 4. Fail loudly. A member that learned nonsense is rescued by a donor, but only if the study is told.
        state.EnsureUsable();

        // 5. Leave the checkpoint, then the result. The order matters: a result says that all is in place.
        Checkpoint.Save(state, options.Save);
        WriteResult(Report.Result(state.RecentReturns, summary, state.TotalSteps));
    }

    private static void AppendProgress(TrainingProgress progress)
    {
        if (Environment.GetEnvironmentVariable("PBT_METRICS") is { Length: > 0 } path)
            File.AppendAllBytes(path, Report.Progress(progress));
    }

    private static void WriteResult(byte[] result)
    {
        if (Environment.GetEnvironmentVariable("PBT_RESULT") is { Length: > 0 } path)
        {
            File.WriteAllBytes(path, result);
            return;
        }

        using var output = Console.OpenStandardOutput();
        output.Write(result);
    }
}
