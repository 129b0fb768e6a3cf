using System.Globalization;
using Pbt.Samples.Ppo;

namespace Pbt.Samples.Cartpole;

/// <summary>The command line.</summary>
public sealed record Options
{
    public const string Usage = """
        usage: cartpole --save DIR [--resume DIR] [--steps N] [--seed N] [--learning-rate X]
                        [--entropy-coef X] [--discount X] [--clip-range X] [--epochs N]
        """;

    public Hyperparameters Hyperparameters { get; private set; } = new();

    /// <summary>Environment steps to train for.</summary>
    public int Steps { get; private set; } = 8192;

    /// <summary>Starts a new random stream; without it, a resumed run goes on with the checkpoint's.</summary>
    public ulong? Seed { get; private set; }

    /// <summary>The checkpoint to start from; null starts untrained.</summary>
    public string? Resume { get; private set; }

    /// <summary>Where to leave the checkpoint.</summary>
    public string Save { get; private set; } = "";

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="UsageException">They make no sense; the message says which and why.</exception>
    public static Options Parse(IReadOnlyList<string> arguments)
    {
        var options = new Options();
        foreach (var (name, value) in Arguments.Pairs(arguments))
            options.Set(name, value);
        if (options.Save.Length == 0)
            throw new UsageException("--save is missing: say where to leave the checkpoint.");
        return options;
    }

    private void Set(string name, string value)
    {
        switch (name)
        {
            case "--learning-rate" or "--entropy-coef" or "--discount" or "--clip-range" or "--epochs":
                Hyperparameters = Hyperparameters.With(name, value);
                break;
            case "--steps":
                Steps = Arguments.Count(name, value);
                break;
            case "--seed":
                Seed = ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
                    ? seed
                    : throw new UsageException($"{name} must be a whole number of at least 0, not '{value}'.");
                break;
            case "--resume":
                Resume = value;
                break;
            case "--save":
                Save = value;
                break;
            default:
                throw new UsageException($"There is no option {name}.");
        }
    }
}
