using System.Numerics.Tensors;
using Pbt.Samples.Ppo.Environments;
using Pbt.Samples.Ppo.Policies;

namespace Pbt.Samples.Ppo;

/// <summary>Where training stands after a rollout.</summary>
public readonly record struct TrainingProgress(long TotalSteps, double? EpisodeReturnMean, double Entropy);

/// <summary>What one call of <see cref="PpoTrainer.Train"/> did; losses are means over its gradient steps.</summary>
public sealed record TrainingSummary(
    long Steps,
    int Episodes,
    double PolicyLoss,
    double ValueLoss,
    double Entropy,
    double ApproximateKl,
    double ClipFraction)
{
    /// <summary>All of it by name, as a study records it.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Metrics { get; } =
    [
        new("policy_loss", PolicyLoss),
        new("value_loss", ValueLoss),
        new("entropy", Entropy),
        new("approx_kl", ApproximateKl),
        new("clip_fraction", ClipFraction),
        new("episodes", Episodes),
        new("steps", Steps),
    ];
}

/// <summary>Proximal policy optimization (Schulman et al., 2017).</summary>
/// <remarks>
/// Works on the given state in place, and keeps nothing of its own that outlives a rollout: to stop after a rollout,
/// save the state, load it and go on gives the same bits as never to have stopped.
/// </remarks>
public sealed class PpoTrainer(TrainingState state, Hyperparameters hyperparameters)
{
    /// <summary>A longer gradient is scaled down to this length, that of actor and critic apart.</summary>
    public const float GradientNormLimit = 0.5f;

    private readonly PpoTask _task = state.Task;
    private readonly RolloutBuffer _rollout = new(
        state.Task.ObservationSize, state.Task.Policy.ActionSize, state.Task.StepsPerEnvironment, state.Task.EnvironmentCount);

    private readonly Minibatch _minibatch = new(
        state.Task.ObservationSize, state.Task.Policy.ActionSize, state.Task.MinibatchSize);

    private readonly int[] _order = new int[state.Task.RolloutSteps];
    private readonly float[] _observations = new float[state.Task.ObservationSize * state.Task.EnvironmentCount];
    private readonly float[] _action = new float[state.Task.Policy.ActionSize];
    private readonly float[] _actorGradient = new float[state.Task.Policy.OutputSize * state.Task.MinibatchSize];
    private readonly float[] _valueGradient = new float[state.Task.MinibatchSize];

    private int _episodes;
    private int _updates;
    private double _valueLoss;
    private PolicyLoss _policyLoss;

    /// <summary>Trains for at least the given number of environment steps, rounded up to whole rollouts.</summary>
    /// <param name="steps">Environment steps, summed over the environments.</param>
    /// <param name="report">Called after each rollout.</param>
    public TrainingSummary Train(long steps, Action<TrainingProgress>? report = null)
    {
        (_episodes, _updates, _valueLoss, _policyLoss) = (0, 0, 0, default);
        var done = 0L;
        while (done < steps)
        {
            CollectRollout();
            EstimateAdvantages();
            UpdateNetworks();
            done += _task.RolloutSteps;
            state.TotalSteps += _task.RolloutSteps;
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
        var environments = _task.EnvironmentCount;
        for (var step = 0; step < _task.StepsPerEnvironment; step++)
        {
            for (var e = 0; e < environments; e++)
                state.Environments[e].Observe(_observations, e, environments);
            var outputs = state.Actor.Forward(_observations, environments);
            for (var e = 0; e < environments; e++)
                StepEnvironment(state.Environments[e], (step * environments) + e, new Column(outputs, e, environments));
        }
    }

    private void StepEnvironment(IEnvironment environment, int sample, Column outputs)
    {
        environment.Observe(_rollout.Observations, sample, _rollout.Count);
        var logProbability = _task.Policy.Act(outputs, state.Actor.Free, state.Random, _action);
        var outcome = environment.Step(_action);
        environment.Observe(_rollout.NextObservations, sample, _rollout.Count);

        for (var part = 0; part < _action.Length; part++)
            _rollout.Actions[(part * _rollout.Count) + sample] = _action[part];
        _rollout.LogProbabilities[sample] = (float)logProbability;
        _rollout.Rewards[sample] = _task.RewardScale * (float)outcome.Reward;
        _rollout.Outcomes[sample] = outcome;
        if (!outcome.Ended)
            return;

        _episodes++;
        state.RecordReturn(environment.EpisodeReturn);
        environment.Reset(state.Random);
    }

    private void EstimateAdvantages()
    {
        state.Critic.Forward(_rollout.Observations, _task.RolloutSteps).CopyTo(_rollout.Values);
        state.Critic.Forward(_rollout.NextObservations, _task.RolloutSteps).CopyTo(_rollout.NextValues);
        _rollout.ComputeAdvantages(hyperparameters.Discount, hyperparameters.Lambda);
    }

    private void UpdateNetworks()
    {
        // From the natural order each time, so that nothing but the generator carries over between rollouts.
        for (var i = 0; i < _task.RolloutSteps; i++)
            _order[i] = i;
        for (var epoch = 0; epoch < hyperparameters.Epochs; epoch++)
        {
            state.Random.Shuffle(_order);
            for (var start = 0; start < _task.RolloutSteps; start += _task.MinibatchSize)
            {
                _minibatch.Gather(_rollout, _order.AsSpan(start, _task.MinibatchSize));
                UpdateActor();
                UpdateCritic();
                _updates++;
            }
        }
    }

    private void UpdateActor()
    {
        var outputs = state.Actor.Forward(_minibatch.Observations, _task.MinibatchSize);
        var loss = PpoLoss.Actor(
            _task.Policy,
            outputs,
            state.Actor.Free,
            _minibatch,
            hyperparameters.ClipRange,
            hyperparameters.EntropyCoefficient,
            _actorGradient,
            state.Actor.FreeGradient);
        _policyLoss = new PolicyLoss(
            _policyLoss.Policy + loss.Policy,
            _policyLoss.Entropy + loss.Entropy,
            _policyLoss.ApproximateKl + loss.ApproximateKl,
            _policyLoss.ClipFraction + loss.ClipFraction);
        Descend(state.Actor, state.ActorOptimizer, _actorGradient);
    }

    private void UpdateCritic()
    {
        var values = state.Critic.Forward(_minibatch.Observations, _task.MinibatchSize);
        _valueLoss += PpoLoss.Critic(values, _minibatch.Returns, _valueGradient);
        Descend(state.Critic, state.CriticOptimizer, _valueGradient);
    }

    private void Descend(Mlp network, Adam optimizer, ReadOnlySpan<float> outputGradient)
    {
        network.Backward(outputGradient, _task.MinibatchSize);
        var norm = TensorPrimitives.Norm<float>(network.Gradient);
        if (norm > GradientNormLimit)
            TensorPrimitives.Multiply(network.Gradient, GradientNormLimit / norm, network.Gradient);
        optimizer.Step(network.Parameters, network.Gradient, hyperparameters.LearningRate);
    }
}
