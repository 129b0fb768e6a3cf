namespace Pbt.Samples.Ppo.Policies;

/// <summary>Draws each number of an action from its own normal distribution; the outputs are the means.</summary>
/// <remarks>
/// The deviations do not depend on what is seen: each is a free parameter, the log of the deviation relative to
/// <paramref name="initialDeviation"/>, so that a free parameter of zero starts there. Nothing bounds an action here;
/// an environment clips what it cannot do.
/// </remarks>
public sealed class DiagonalGaussian(int actionSize, double initialDeviation = 1) : IPolicy
{
    private static readonly double LogRootTwoPi = 0.5 * Math.Log(2 * Math.PI);

    private readonly double _initialLogDeviation = Math.Log(initialDeviation);

    /// <inheritdoc/>
    public int OutputSize => actionSize;

    /// <inheritdoc/>
    public int FreeCount => actionSize;

    /// <inheritdoc/>
    public int ActionSize => actionSize;

    /// <inheritdoc/>
    public double Act(Column outputs, ReadOnlySpan<float> free, Generator random, Span<float> action)
    {
        for (var part = 0; part < actionSize; part++)
            action[part] = (float)(outputs[part] + (Math.Exp(LogDeviation(free, part)) * random.NextGaussian()));

        // Of the rounded action, as that is what the update will see.
        return Evaluate(outputs, free, new Column(action, sample: 0, batch: 1)).LogProbability;
    }

    /// <inheritdoc/>
    public Likelihood Evaluate(Column outputs, ReadOnlySpan<float> free, Column action)
    {
        double logDensity = 0, entropy = 0;
        for (var part = 0; part < actionSize; part++)
        {
            var logDeviation = LogDeviation(free, part);
            var distance = (action[part] - outputs[part]) / Math.Exp(logDeviation);
            logDensity -= (0.5 * distance * distance) + logDeviation + LogRootTwoPi;
            entropy += 0.5 + LogRootTwoPi + logDeviation;
        }

        return new Likelihood(logDensity, entropy);
    }

    /// <inheritdoc/>
    public void Backward(
        Column outputs,
        ReadOnlySpan<float> free,
        Column action,
        LikelihoodGradient by,
        Span<float> outputGradient,
        Span<float> freeGradient)
    {
        for (var part = 0; part < actionSize; part++)
        {
            var deviation = Math.Exp(LogDeviation(free, part));
            var distance = (action[part] - outputs[part]) / deviation;
            outputGradient[outputs.IndexOf(part)] = (float)(by.ByLogProbability * distance / deviation / outputs.Batch);
            freeGradient[part] += (float)(((by.ByLogProbability * ((distance * distance) - 1)) + by.ByEntropy) / outputs.Batch);
        }
    }

    private double LogDeviation(ReadOnlySpan<float> free, int part) => _initialLogDeviation + free[part];
}
