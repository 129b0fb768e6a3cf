using System.Numerics.Tensors;

namespace Pbt.Samples.Cartpole;

/// <summary>Where training stands after a rollout.</summary>
public readonly record struct TrainingProgress(long TotalSteps, double? EpisodeReturnMean, double Entropy);

/// <summary>What one call of <see cref="PpoTrainer.Train"/> did; losses are means over its gradient steps.</summary>
public sealed record TrainingSummary(
    int Steps,
    int Episodes,
    double PolicyLoss,
    double ValueLoss,
    double Entropy,
    double ApproximateKl,
    double ClipFraction);

/// <summary>Proximal policy optimization (Schulman et al., 2017) on CartPole.</summary>
/// <remarks>
/// Works on the given state in place, and keeps nothing of its own that outlives a rollout: to stop after a rollout,
/// save the state, load it and go on gives the same bits as never to have stopped.
/// </remarks>
public sealed class PpoTrainer(TrainingState state, Hyperparameters hyperparameters)
{
    /// <summary>Environment steps between two updates of the policy; training goes by whole rollouts.</summary>
    public const int RolloutSteps = StepsPerEnvironment * TrainingState.EnvironmentCount;

    private const int StepsPerEnvironment = 128;
    private const int MinibatchSize = 256;
    private const double Lambda = 0.95;
    private const float GradientNormLimit = 0.5f;

    // Brings the critic's targets near 1, where a small network learns fast. The actor sees normalised advantages.
    private const float RewardScale = 0.01f;

    private readonly RolloutBuffer _rollout = new(StepsPerEnvironment, TrainingState.EnvironmentCount);
    private readonly Minibatch _minibatch = new(MinibatchSize);
    private readonly int[] _order = new int[RolloutSteps];
    private readonly float[] _logitGradient = new float[CartPole.ActionCount * MinibatchSize];
    private readonly float[] _valueGradient = new float[MinibatchSize];

    private int _episodes;
    private int _updates;
    private double _valueLoss;
    private PolicyLoss _policyLoss;

    /// <summary>Trains for at least the given number of environment steps, rounded up to whole rollouts.</summary>
    /// <param name="steps">Environment steps, summed over the environments.</param>
    /// <param name="report">Called after each rollout.</param>
    public TrainingSummary Train(int steps, Action<TrainingProgress>? report = null)
    {
        (_episodes, _updates, _valueLoss, _policyLoss) = (0, 0, 0, default);
        var done = 0;
        while (done < steps)
        {
            CollectRollout();
            EstimateAdvantages();
            UpdateNetworks();
            done += RolloutSteps;
            state.TotalSteps += RolloutSteps;
            report?.Invoke(new TrainingProgress(
                state.TotalSteps,
                state.RecentReturns.Count > 0 ? state.RecentReturns.Average() : null,
                _policyLoss.Entropy / _updates));
        }

        return new TrainingSummary(
            done,
            _episodes,
            _policyLoss.Policy / _updates,
            _valueLoss / _updates,
            _policyLoss.Entropy / _updates,
            _policyLoss.ApproximateKl / _updates,
            _policyLoss.ClipFraction / _updates);
    }

    private void CollectRollout()
    {
        const int Environments = TrainingState.EnvironmentCount;
        Span<float> observations = stackalloc float[CartPole.ObservationSize * Environments];
        for (var step = 0; step < StepsPerEnvironment; step++)
        {
            for (var e = 0; e < Environments; e++)
                RolloutBuffer.WriteObservation(state.Environments[e].State, observations, e, Environments);
            var logits = state.Actor.Forward(observations, Environments);
            for (var e = 0; e < Environments; e++)
                StepEnvironment(state.Environments[e], (step * Environments) + e, logits[e], logits[Environments + e]);
        }
    }

    private void StepEnvironment(CartPole environment, int sample, float leftLogit, float rightLogit)
    {
        var distribution = ActionDistribution.FromLogits(leftLogit, rightLogit);
        var action = distribution.Sample(state.Random);
        RolloutBuffer.WriteObservation(environment.State, _rollout.Observations, sample, RolloutSteps);
        var outcome = environment.Step(action);
        RolloutBuffer.WriteObservation(environment.State, _rollout.NextObservations, sample, RolloutSteps);

        _rollout.Actions[sample] = action;
        _rollout.LogProbabilities[sample] = (float)distribution.LogProbability(action);
        _rollout.Rewards[sample] = RewardScale * (float)CartPole.Reward;
        _rollout.Outcomes[sample] = outcome;
        if (!outcome.Ended)
            return;

        _episodes++;
        state.RecordReturn(environment.Steps * CartPole.Reward);
        environment.Reset(state.Random);
    }

    private void EstimateAdvantages()
    {
        state.Critic.Forward(_rollout.Observations, RolloutSteps).CopyTo(_rollout.Values);
        state.Critic.Forward(_rollout.NextObservations, RolloutSteps).CopyTo(_rollout.NextValues);
        _rollout.ComputeAdvantages(hyperparameters.Discount, Lambda);
    }

    private void UpdateNetworks()
    {
        // From the natural order each time, so that nothing but the generator carries over between rollouts.
        for (var i = 0; i < RolloutSteps; i++)
            _order[i] = i;
        for (var epoch = 0; epoch < hyperparameters.Epochs; epoch++)
        {
            state.Random.Shuffle(_order);
            for (var start = 0; start < RolloutSteps; start += MinibatchSize)
            {
                _minibatch.Gather(_rollout, _order.AsSpan(start, MinibatchSize));
                UpdateActor();
                UpdateCritic();
                _updates++;
            }
        }
    }

    private void UpdateActor()
    {
        var logits = state.Actor.Forward(_minibatch.Observations, MinibatchSize);
        var loss = PpoLoss.Actor(
            logits, _minibatch, hyperparameters.ClipRange, hyperparameters.EntropyCoefficient, _logitGradient);
        _policyLoss = new PolicyLoss(
            _policyLoss.Policy + loss.Policy,
            _policyLoss.Entropy + loss.Entropy,
            _policyLoss.ApproximateKl + loss.ApproximateKl,
            _policyLoss.ClipFraction + loss.ClipFraction);
        Descend(state.Actor, state.ActorOptimizer, _logitGradient);
    }

    private void UpdateCritic()
    {
        var values = state.Critic.Forward(_minibatch.Observations, MinibatchSize);
        _valueLoss += PpoLoss.Critic(values, _minibatch.Returns, _valueGradient);
        Descend(state.Critic, state.CriticOptimizer, _valueGradient);
    }

    private void Descend(Mlp network, Adam optimizer, ReadOnlySpan<float> outputGradient)
    {
        network.Backward(outputGradient, MinibatchSize);
        var norm = TensorPrimitives.Norm<float>(network.Gradient);
        if (norm > GradientNormLimit)
            TensorPrimitives.Multiply(network.Gradient, GradientNormLimit / norm, network.Gradient);
        optimizer.Step(network.Parameters, network.Gradient, hyperparameters.LearningRate);
    }
}
