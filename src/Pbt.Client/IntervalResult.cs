namespace Pbt.Client;

/// <summary>What a program says of an interval that ended well.</summary>
internal sealed record IntervalResult(double? Score, IReadOnlyCollection<double> Samples, IReadOnlyDictionary<string, double> Metrics, long? Steps)
{
    private const int MaxSamples = 100_000;
    private const int MaxMetrics = 1_000;
    private const int MaxName = 500;

    private static readonly IReadOnlyDictionary<string, double> NoMetrics = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>Takes what the protocol allows.</summary>
    /// <exception cref="ArgumentException">It does not allow it.</exception>
    public static IntervalResult Of(double? score, IReadOnlyCollection<double>? samples, IReadOnlyDictionary<string, double>? metrics, long? steps)
    {
        if (samples?.Count > MaxSamples)
            throw new ArgumentException($"There are {samples.Count} samples; pbt takes at most {MaxSamples}: give fewer, such as the last ones.", nameof(samples));

        if (metrics?.Count > MaxMetrics)
            throw new ArgumentException($"There are {metrics.Count} metrics; pbt takes at most {MaxMetrics}: give fewer.", nameof(metrics));

        if (metrics?.Keys.FirstOrDefault(static name => name.Length > MaxName) is { } name)
            throw new ArgumentException($"The metric {name[..50]}… has a name of {name.Length} characters; pbt takes at most {MaxName}.", nameof(metrics));

        return steps >= 0 || steps is null
            ? new IntervalResult(score, samples ?? [], metrics ?? NoMetrics, steps)
            : throw new ArgumentException($"steps is {steps}; it must not be below 0.", nameof(steps));
    }
}
