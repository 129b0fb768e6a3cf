namespace Pbt.Samples.Cartpole;

/// <summary>The probabilities of pushing left and right.</summary>
public readonly record struct ActionDistribution(double LogLeft, double LogRight)
{
    /// <summary>The softmax of the actor's two outputs.</summary>
    public static ActionDistribution FromLogits(float left, float right)
    {
        // Subtracting the larger one keeps the exponentials in range.
        var largest = Math.Max(left, right);
        var normalizer = largest + Math.Log(Math.Exp(left - largest) + Math.Exp(right - largest));
        return new ActionDistribution(left - normalizer, right - normalizer);
    }

    public double Entropy => -(Probability(0) * LogLeft) - (Probability(1) * LogRight);

    public double LogProbability(int action) => action == 0 ? LogLeft : LogRight;

    public double Probability(int action) => Math.Exp(LogProbability(action));

    public int Sample(Generator random) => random.NextDouble() < Probability(0) ? 0 : 1;
}
