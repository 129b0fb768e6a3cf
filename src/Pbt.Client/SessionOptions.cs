namespace Pbt.Client;

/// <summary>What a program says of itself, and how it trains when no pbt is there.</summary>
public sealed record SessionOptions
{
    private const int MaxCapacity = 4096;
    private static readonly TimeSpan LongestHeartbeat = TimeSpan.FromHours(1);

    /// <summary>The hyperparameters of a plain run, and of those that a study does not tune. Default none.</summary>
    public IReadOnlyDictionary<string, HyperparameterValue> Defaults { get; init; } = new Dictionary<string, HyperparameterValue>(StringComparer.Ordinal);

    /// <summary>How many members the program can train at once: 1 … 4096. Default 1.</summary>
    public int Capacity { get; init; } = 1;

    /// <summary>A promise of a sign of life at least this often; null for none. Default 5 s.</summary>
    /// <remarks>A thread of its own keeps it, however busy the program is; a program that is stopped or swapped out breaks it.</remarks>
    public TimeSpan? Heartbeat { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The steps of an interval of a plain run; null if it is not measured in steps.</summary>
    public long? Steps { get; init; }

    /// <summary>The seconds of an interval of a plain run; null if it is not measured in time.</summary>
    public double? Seconds { get; init; }

    /// <summary>The intervals of a plain run; at least 1. Default 1.</summary>
    public int Intervals { get; init; } = 1;

    /// <summary>The seed of a plain run: 0 … 2³¹ − 2. Default 0. Its intervals have this one and those that follow.</summary>
    public int Seed { get; init; }

    /// <summary>Where a plain run leaves its checkpoints, each in a new directory. Default <c>checkpoints</c>.</summary>
    public string CheckpointDirectory { get; init; } = "checkpoints";

    /// <summary>Takes what the user should know and nothing can be done about. Default the error output.</summary>
    /// <remarks>May be called by any thread.</remarks>
    public Action<string> Warn { get; init; } = static message => Console.Error.WriteLine($"pbt-client: {message}");

    /// <summary>Refuses options that are out of their range.</summary>
    /// <exception cref="ArgumentException">One is; the message says which.</exception>
    internal static void Validate(SessionOptions options)
    {
        if (options.Capacity is < 1 or > MaxCapacity)
            throw new ArgumentException($"SessionOptions.Capacity is {options.Capacity}; it must be 1 to {MaxCapacity}.", nameof(options));

        if (options.Heartbeat is { } heartbeat && (heartbeat <= TimeSpan.Zero || heartbeat > LongestHeartbeat))
            throw new ArgumentException($"SessionOptions.Heartbeat is {heartbeat}; it must be above zero and at most {LongestHeartbeat}, or null for no promise.", nameof(options));

        if (options.Steps < 0)
            throw new ArgumentException($"SessionOptions.Steps is {options.Steps}; it must not be below 0.", nameof(options));

        if (options.Seconds is { } seconds && !(seconds > 0 && double.IsFinite(seconds)))
            throw new ArgumentException($"SessionOptions.Seconds is {seconds}; it must be above 0.", nameof(options));

        if (options.Intervals < 1)
            throw new ArgumentException($"SessionOptions.Intervals is {options.Intervals}; it must be at least 1.", nameof(options));

        if (options.Seed is < 0 or int.MaxValue)
            throw new ArgumentException($"SessionOptions.Seed is {options.Seed}; it must be 0 to {int.MaxValue - 1}.", nameof(options));
    }
}
