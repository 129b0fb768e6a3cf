namespace Pbt.Samples.Cartpole;

/// <summary>Means over a minibatch of what the actor's loss is made of.</summary>
public readonly record struct PolicyLoss(double Policy, double Entropy, double ApproximateKl, double ClipFraction);

/// <summary>The losses of PPO and their derivatives by the networks' outputs.</summary>
public static class PpoLoss
{
    /// <summary>The clipped surrogate with its entropy bonus (Schulman et al., 2017, equation 7).</summary>
    /// <param name="logits">The actor's outputs, feature-major.</param>
    /// <param name="minibatch">What was done and how well it went.</param>
    /// <param name="clipRange">Epsilon of the paper.</param>
    /// <param name="entropyCoefficient">Weight of the bonus.</param>
    /// <param name="gradient">Receives the derivative of policy − coefficient · entropy by each logit.</param>
    public static PolicyLoss Actor(
        ReadOnlySpan<float> logits,
        Minibatch minibatch,
        double clipRange,
        double entropyCoefficient,
        Span<float> gradient)
    {
        var batch = minibatch.Size;
        double policy = 0, entropySum = 0, kl = 0, clipped = 0;
        for (var b = 0; b < batch; b++)
        {
            var distribution = ActionDistribution.FromLogits(logits[b], logits[batch + b]);
            var action = minibatch.Actions[b];
            var advantage = minibatch.Advantages[b];
            var logRatio = distribution.LogProbability(action) - minibatch.LogProbabilities[b];
            var ratio = Math.Exp(logRatio);
            var bound = Math.Clamp(ratio, 1 - clipRange, 1 + clipRange);
            var surrogate = Math.Min(ratio * advantage, bound * advantage);
            policy -= surrogate;
            kl += ratio - 1 - logRatio;
            clipped += Math.Abs(ratio - 1) > clipRange ? 1 : 0;
            var entropy = distribution.Entropy;
            entropySum += entropy;

            // Where the bound is the smaller term the surrogate is flat: that sample pushes no further.
            var byLogProbability = ratio * advantage <= bound * advantage ? -ratio * advantage : 0;
            for (var a = 0; a < CartPole.ActionCount; a++)
            {
                var probability = distribution.Probability(a);
                var bySurrogate = byLogProbability * ((a == action ? 1 : 0) - probability);
                var byEntropy = -probability * (distribution.LogProbability(a) + entropy);
                gradient[(a * batch) + b] = (float)((bySurrogate - (entropyCoefficient * byEntropy)) / batch);
            }
        }

        return new PolicyLoss(policy / batch, entropySum / batch, kl / batch, clipped / batch);
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
