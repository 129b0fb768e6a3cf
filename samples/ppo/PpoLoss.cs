using Pbt.Samples.Ppo.Policies;

namespace Pbt.Samples.Ppo;

/// <summary>Means over a minibatch of what the actor's loss is made of.</summary>
public readonly record struct PolicyLoss(double Policy, double Entropy, double ApproximateKl, double ClipFraction);

/// <summary>The losses of PPO and their derivatives by the networks' outputs.</summary>
public static class PpoLoss
{
    /// <summary>The clipped surrogate with its entropy bonus (Schulman et al., 2017, equation 7).</summary>
    /// <param name="policy">What the actor's outputs mean.</param>
    /// <param name="outputs">The actor's outputs, feature-major.</param>
    /// <param name="free">The actor's free parameters.</param>
    /// <param name="minibatch">What was done and how well it went.</param>
    /// <param name="clipRange">Epsilon of the paper.</param>
    /// <param name="entropyCoefficient">Weight of the bonus.</param>
    /// <param name="gradient">Receives the derivative of policy − coefficient · entropy by each output.</param>
    /// <param name="freeGradient">Receives the derivative by each free parameter.</param>
    public static PolicyLoss Actor(
        IPolicy policy,
        ReadOnlySpan<float> outputs,
        ReadOnlySpan<float> free,
        Minibatch minibatch,
        double clipRange,
        double entropyCoefficient,
        Span<float> gradient,
        Span<float> freeGradient)
    {
        var batch = minibatch.Size;
        double surrogateSum = 0, entropySum = 0, kl = 0, clipped = 0;
        freeGradient.Clear();
        for (var b = 0; b < batch; b++)
        {
            var output = new Column(outputs, b, batch);
            var action = new Column(minibatch.Actions, b, batch);
            var (logProbability, entropy) = policy.Evaluate(output, free, action);
            var advantage = minibatch.Advantages[b];
            var logRatio = logProbability - minibatch.LogProbabilities[b];
            var ratio = Math.Exp(logRatio);
            var bound = Math.Clamp(ratio, 1 - clipRange, 1 + clipRange);
            surrogateSum -= Math.Min(ratio * advantage, bound * advantage);
            kl += ratio - 1 - logRatio;
            clipped += Math.Abs(ratio - 1) > clipRange ? 1 : 0;
            entropySum += entropy;

            // Where the bound is the smaller term the surrogate is flat: that sample pushes no further.
            var byLogProbability = ratio * advantage <= bound * advantage ? -ratio * advantage : 0;
            var by = new LikelihoodGradient(byLogProbability, -entropyCoefficient);
            policy.Backward(output, free, action, by, gradient, freeGradient);
        }

        return new PolicyLoss(surrogateSum / batch, entropySum / batch, kl / batch, clipped / batch);
    }

    /// <summary>Half the mean squared error of the critic.</summary>
    /// <param name="values">The critic's outputs.</param>
    /// <param name="returns">What they should have been.</param>
    /// <param name="gradient">Receives the derivative by each output.</param>
    public static double Critic(ReadOnlySpan<float> values, ReadOnlySpan<float> returns, Span<float> gradient)
    {
        var loss = 0.0;
        for (var b = 0; b < returns.Length; b++)
        {
            var error = values[b] - returns[b];
            loss += 0.5 * error * error;
            gradient[b] = error / returns.Length;
        }

        return loss / returns.Length;
    }
}
