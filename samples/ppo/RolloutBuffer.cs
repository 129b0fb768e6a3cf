using Pbt.Samples.Ppo.Environments;

namespace Pbt.Samples.Ppo;

/// <summary>What the environments did in one rollout, and what PPO derives from it.</summary>
/// <remarks>Sample t * environments + e is step t of environment e. Observations are feature-major.</remarks>
public sealed class RolloutBuffer(int observationSize, int actionSize, int steps, int environments)
{
    /// <summary>Numbers that make one observation.</summary>
    public int ObservationSize { get; } = observationSize;

    /// <summary>Numbers that make one action.</summary>
    public int ActionSize { get; } = actionSize;

    /// <summary>Samples in the rollout.</summary>
    public int Count { get; } = steps * environments;

    /// <summary>What the policy saw.</summary>
    public float[] Observations { get; } = new float[observationSize * steps * environments];

    /// <summary>What came of it, before a reset: where an episode ended, its last state.</summary>
    public float[] NextObservations { get; } = new float[observationSize * steps * environments];

    /// <summary>What the policy did, feature-major.</summary>
    public float[] Actions { get; } = new float[actionSize * steps * environments];

    /// <summary>The log probability (or density) of each action under the policy that took it.</summary>
    public float[] LogProbabilities { get; } = new float[steps * environments];

    /// <summary>What each step earned, as the critic is to see it: scaled.</summary>
    public float[] Rewards { get; } = new float[steps * environments];

    public StepOutcome[] Outcomes { get; } = new StepOutcome[steps * environments];

    /// <summary>The critic's value of each observation.</summary>
    public float[] Values { get; } = new float[steps * environments];

    /// <summary>The critic's value of each next observation.</summary>
    public float[] NextValues { get; } = new float[steps * environments];

    public float[] Advantages { get; } = new float[steps * environments];

    /// <summary>What the critic learns to predict.</summary>
    public float[] Returns { get; } = new float[steps * environments];

    /// <summary>Generalised advantage estimation (Schulman et al., 2016, equation 16).</summary>
    /// <remarks>
    /// A terminated episode earns nothing more, so its next value is zero. A truncated one was merely cut short, so
    /// its next value counts; only the sum over later steps stops there, as these belong to another episode.
    /// </remarks>
    public void ComputeAdvantages(double discount, double lambda)
    {
        for (var environment = 0; environment < environments; environment++)
        {
            var advantage = 0.0;
            for (var step = steps - 1; step >= 0; step--)
            {
                var sample = (step * environments) + environment;
                var outcome = Outcomes[sample];
                var nextValue = outcome.Terminated ? 0 : NextValues[sample];
                var error = Rewards[sample] + (discount * nextValue) - Values[sample];
                advantage = error + (outcome.Ended ? 0 : discount * lambda * advantage);
                Advantages[sample] = (float)advantage;
                Returns[sample] = (float)(advantage + Values[sample]);
            }
        }
    }
}
