using Pbt.Samples.Ppo;

namespace Pbt.Samples.CartpoleBatch;

/// <summary>The command line.</summary>
public sealed record Options
{
    public const string Usage = "usage: cartpole-batch [--capacity N] [--threads N], and, for a run without pbt: [--steps N] [--checkpoints DIR]";

    /// <summary>How many members it trains at once.</summary>
    public int Capacity { get; private set; } = 64;

    /// <summary>How many cores it uses.</summary>
    public int Threads { get; private set; } = Environment.ProcessorCount;

    /// <summary>Environment steps to train for, without pbt.</summary>
    public int Steps { get; private set; } = 40_960;

    /// <summary>Where to leave the checkpoint, without pbt.</summary>
    public string Checkpoints { get; private set; } = "checkpoints";

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="UsageException">They make no sense; the message says which and why.</exception>
    public static Options Parse(IReadOnlyList<string> arguments)
    {
        var options = new Options();
        foreach (var (name, value) in Arguments.Pairs(arguments))
        {
            options = name switch
            {
                "--capacity" => options with { Capacity = Arguments.Count(name, value, most: 4096) },
                "--threads" => options with { Threads = Arguments.Count(name, value, most: 256) },
                "--steps" => options with { Steps = Arguments.Count(name, value) },
                "--checkpoints" => options with { Checkpoints = value },
                _ => throw new UsageException($"There is no option {name}."),
            };
        }

        return options;
    }
}
