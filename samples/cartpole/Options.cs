using System.Globalization;

namespace Pbt.Samples.Cartpole;

/// <summary>The command line.</summary>
public sealed record Options
{
    public const string Usage = """
        usage: cartpole --save DIR [--resume DIR] [--steps N] [--seed N] [--learning-rate X]
                        [--entropy-coef X] [--discount X] [--clip-range X] [--epochs N]
        """;

    public Hyperparameters Hyperparameters { get; private set; } = new(
        LearningRate: 1e-3, EntropyCoefficient: 0.01, Discount: 0.99, ClipRange: 0.2, Epochs: 4);

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
    public static Options Parse(ReadOnlySpan<string> arguments)
    {
        var options = new Options();
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var name = arguments[i];
            if (i + 1 == arguments.Length || arguments[i + 1].Length == 0)
                throw new UsageException($"{name} needs a value.");
            options.Set(name, arguments[i + 1]);
        }

        if (options.Save.Length == 0)
            throw new UsageException("--save is missing: say where to leave the checkpoint.");
        return options;
    }

    private void Set(string name, string value)
    {
        switch (name)
        {
            case "--learning-rate":
                Hyperparameters = Hyperparameters with { LearningRate = Number(name, value, above: 0) };
                break;
            case "--entropy-coef":
                Hyperparameters = Hyperparameters with { EntropyCoefficient = Number(name, value, above: -double.Epsilon) };
                break;
            case "--discount":
                Hyperparameters = Hyperparameters with { Discount = Number(name, value, above: 0, below: 1) };
                break;
            case "--clip-range":
                Hyperparameters = Hyperparameters with { ClipRange = Number(name, value, above: 0) };
                break;
            case "--epochs":
                Hyperparameters = Hyperparameters with { Epochs = Count(name, value) };
                break;
            case "--steps":
                Steps = Count(name, value);
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

    private static double Number(string name, string value, double above, double below = double.PositiveInfinity)
    {
        if (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number > above
            && number < below)
            return number;
        var floor = above < 0 ? "of at least 0" : "above 0";
        var ceiling = double.IsFinite(below) ? $" and below {below.ToString(CultureInfo.InvariantCulture)}" : "";
        throw new UsageException($"{name} must be a number {floor}{ceiling}, not '{value}'.");
    }

    private static int Count(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new UsageException($"{name} must be a whole number above 0, not '{value}'.");
}

/// <summary>The command line makes no sense.</summary>
public sealed class UsageException(string message) : Exception(message);
