namespace Pbt.Samples.Ppo.Policies;

/// <summary>Chooses one of some actions; the outputs are logits.</summary>
/// <remarks>An action is the index of what was chosen.</remarks>
public sealed class Categorical(int actions) : IPolicy
{
    /// <inheritdoc/>
    public int OutputSize => actions;

    /// <inheritdoc/>
    public int FreeCount => 0;

    /// <inheritdoc/>
    public int ActionSize => 1;

    /// <inheritdoc/>
    public double Act(Column outputs, ReadOnlySpan<float> free, Generator random, Span<float> action)
    {
        Span<double> logProbabilities = stackalloc double[actions];
        LogSoftmax(outputs, logProbabilities);
        var draw = random.NextDouble();
        var chosen = 0;
        for (var below = Math.Exp(logProbabilities[0]); draw >= below && chosen < actions - 1; below += Math.Exp(logProbabilities[chosen]))
            chosen++;
        action[0] = chosen;
        return logProbabilities[chosen];
    }

    /// <inheritdoc/>
    public Likelihood Evaluate(Column outputs, ReadOnlySpan<float> free, Column action)
    {
        Span<double> logProbabilities = stackalloc double[actions];
        LogSoftmax(outputs, logProbabilities);
        return new Likelihood(logProbabilities[(int)action[0]], Entropy(logProbabilities));
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
        Span<double> logProbabilities = stackalloc double[actions];
        LogSoftmax(outputs, logProbabilities);
        var entropy = Entropy(logProbabilities);
        var chosen = (int)action[0];
        for (var a = 0; a < actions; a++)
        {
            var probability = Math.Exp(logProbabilities[a]);
            var throughLogProbability = by.ByLogProbability * ((a == chosen ? 1 : 0) - probability);
            var throughEntropy = by.ByEntropy * (-probability * (logProbabilities[a] + entropy));
            outputGradient[outputs.IndexOf(a)] = (float)((throughLogProbability + throughEntropy) / outputs.Batch);
        }
    }

    private void LogSoftmax(Column logits, Span<double> logProbabilities)
    {
        // Subtracting the largest one keeps the exponentials in range.
        var largest = logits[0];
        for (var a = 1; a < actions; a++)
            largest = MathF.Max(largest, logits[a]);
        var sum = 0.0;
        for (var a = 0; a < actions; a++)
            sum += Math.Exp(logits[a] - largest);
        var normalizer = largest + Math.Log(sum);
        for (var a = 0; a < actions; a++)
            logProbabilities[a] = logits[a] - normalizer;
    }

    private static double Entropy(ReadOnlySpan<double> logProbabilities)
    {
        var entropy = 0.0;
        foreach (var logProbability in logProbabilities)
            entropy -= Math.Exp(logProbability) * logProbability;
        return entropy;
    }
}
