using System.Globalization;
using Pbt.Samples.Ppo;

namespace Pbt.Samples.Control;

/// <summary>The command line; all but the environment counts only without pbt.</summary>
public sealed record Options
{
    public const string Usage = """
        usage: control --env acrobot|swingup|cartpole
        and, for a run without pbt: [--steps N] [--intervals N] [--seed N] [--checkpoints DIR]
                       [--learning-rate X] [--entropy-coef X] [--discount X] [--gae-lambda X]
                       [--clip-range X] [--epochs N]
        """;

    /// <summary>What to learn.</summary>
    public PpoTask Task { get; private set; } = PpoTask.CartPole;

    public Hyperparameters Hyperparameters { get; private set; } = new();

    /// <summary>Environment steps of an interval.</summary>
    public int Steps { get; private set; } = 32_768;

    /// <summary>How many intervals to train.</summary>
    public int Intervals { get; private set; } = 10;

    /// <summary>The seed of the first interval.</summary>
    public int Seed { get; private set; }

    /// <summary>Where to leave the checkpoints.</summary>
    public string Checkpoints { get; private set; } = "checkpoints";

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="UsageException">They make no sense; the message says which and why.</exception>
    public static Options Parse(IReadOnlyList<string> arguments)
    {
        var options = new Options();
        var isTaskGiven = false;
        foreach (var (name, value) in Arguments.Pairs(arguments))
        {
            options.Set(name, value);
            isTaskGiven |= name is "--env";
        }

        return isTaskGiven ? options : throw new UsageException("--env is missing: say what to learn.");
    }

    private void Set(string name, string value)
    {
        switch (name)
        {
            case "--env":
                Task = PpoTask.Named(value);
                break;
            case "--steps":
                Steps = Arguments.Count(name, value);
                break;
            case "--intervals":
                Intervals = Arguments.Count(name, value);
                break;
            case "--seed":
                Seed = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) && seed < int.MaxValue
                    ? seed
                    : throw new UsageException($"{name} must be a whole number from 0 to {int.MaxValue - 1}, not '{value}'.");
                break;
            case "--checkpoints":
                Checkpoints = value;
                break;
            case "--learning-rate" or "--entropy-coef" or "--discount" or "--gae-lambda" or "--clip-range" or "--epochs":
                Hyperparameters = Hyperparameters.With(name, value);
                break;
            default:
                throw new UsageException($"There is no option {name}.");
        }
    }
}
