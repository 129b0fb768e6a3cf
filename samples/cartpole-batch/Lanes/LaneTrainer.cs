using System.Numerics;
using Pbt.Samples.Ppo;
using Pbt.Samples.Ppo.Environments;

namespace Pbt.Samples.CartpoleBatch.Lanes;

/// <summary>Trains as many members as a vector has lanes: <see cref="PpoTrainer"/>, many at a time.</summary>
/// <remarks>
/// Nothing crosses from lane to lane, and what a lane computes does not depend on which one it is: a member's result has the same bits
/// in any company. Not safe for concurrent use.
/// </remarks>
internal sealed class LaneTrainer
{
    private static readonly PpoTask Task = PpoTask.CartPole;

    private readonly LaneNetwork _actor = new(Task.ObservationSize, Task.HiddenWidth, Task.HiddenWidth, CartPole.ActionCount);
    private readonly LaneNetwork _critic = new(Task.ObservationSize, Task.HiddenWidth, Task.HiddenWidth, 1);
    private readonly LaneRollout _rollout = new(Task);
    private readonly LaneSamples _minibatch = new(Task.MinibatchSize);
    private readonly LaneLosses _losses = new(Task.MinibatchSize);
    private readonly int[][] _orders = [.. Enumerable.Range(0, LaneBuffer.Lanes).Select(static _ => new int[Task.RolloutSteps])];
    private readonly double[] _learningRates = new double[LaneBuffer.Lanes];
    private IReadOnlyList<BatchMember> _members = [];
    private Vector<float> _clip;
    private Vector<float> _entropyCoefficient;

    /// <summary>Trains some members for the same number of steps.</summary>
    /// <param name="members">At least one, at most <see cref="LaneBuffer.Lanes"/>; the lanes that are left over are idle.</param>
    /// <param name="cancellationToken">Looked at before each rollout.</param>
    /// <returns>A summary for each.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled; the members' networks are as they were.</exception>
    public IReadOnlyList<TrainingSummary> Train(IReadOnlyList<BatchMember> members, CancellationToken cancellationToken)
    {
        Load(members);
        var done = 0L;
        while (done < members[0].Steps)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _rollout.Collect(_actor);
            _rollout.EstimateAdvantages(_critic);
            UpdateNetworks();
            done += Task.RolloutSteps;
            for (var lane = 0; lane < members.Count; lane++)
                Report(lane);
        }

        Unload();
        return [.. members.Select((_, lane) => _losses.Summarize(lane, done, _rollout.Episodes[lane]))];
    }

    private void Load(IReadOnlyList<BatchMember> members)
    {
        _members = members;
        _losses.Clear();
        _rollout.Load(members);
        _clip = ForEach(static hyperparameters => hyperparameters.ClipRange);
        _entropyCoefficient = ForEach(static hyperparameters => hyperparameters.EntropyCoefficient);
        _rollout.Discount = ForEach(static hyperparameters => hyperparameters.Discount);
        _rollout.DiscountedLambda = ForEach(static hyperparameters => hyperparameters.Discount * hyperparameters.Lambda);
        for (var lane = 0; lane < members.Count; lane++)
        {
            var state = members[lane].State;
            _actor.Load(lane, state.Actor, state.ActorOptimizer);
            _critic.Load(lane, state.Critic, state.CriticOptimizer);
            _learningRates[lane] = members[lane].Hyperparameters.LearningRate;
        }
    }

    private void Unload()
    {
        _rollout.Unload();
        for (var lane = 0; lane < _members.Count; lane++)
        {
            var state = _members[lane].State;
            _actor.Unload(lane, state.Actor, state.ActorOptimizer);
            _critic.Unload(lane, state.Critic, state.CriticOptimizer);
        }
    }

    private Vector<float> ForEach(Func<Hyperparameters, double> value)
    {
        Span<float> values = stackalloc float[LaneBuffer.Lanes];
        values.Clear();
        for (var lane = 0; lane < _members.Count; lane++)
            values[lane] = (float)value(_members[lane].Hyperparameters);
        return new Vector<float>(values);
    }

    /// <summary>Members that have fewer epochs than others idle in the last ones.</summary>
    private void UpdateNetworks()
    {
        foreach (var order in _orders)
        {
            for (var i = 0; i < order.Length; i++)
                order[i] = i;
        }

        Span<int> mask = stackalloc int[LaneBuffer.Lanes];
        mask.Clear();
        for (var epoch = 0; epoch < _members.Max(static member => member.Hyperparameters.Epochs); epoch++)
        {
            for (var lane = 0; lane < _members.Count; lane++)
            {
                mask[lane] = epoch < _members[lane].Hyperparameters.Epochs ? -1 : 0;
                if (mask[lane] != 0)
                    _members[lane].State.Random.Shuffle(_orders[lane]);
            }

            for (var start = 0; start < Task.RolloutSteps; start += Task.MinibatchSize)
                UpdateNetworks(start, new Vector<int>(mask));
        }
    }

    private void UpdateNetworks(int start, Vector<int> active)
    {
        for (var lane = 0; lane < _members.Count; lane++)
        {
            if (active[lane] != 0)
                _minibatch.Gather(lane, _rollout.Samples, _orders[lane].AsSpan(start, Task.MinibatchSize));
        }

        _minibatch.NormalizeAdvantages();
        _actor.ClearGradient();
        _critic.ClearGradient();
        for (var piece = 0; piece < Task.MinibatchSize; piece += LaneNetwork.Piece)
        {
            var inputs = _minibatch.Numbers.From(piece, 0);
            var logits = _actor.Forward(inputs, LaneNetwork.Piece);
            _losses.Actor(logits, _minibatch, piece, LaneNetwork.Piece, _clip, _entropyCoefficient, _actor.OutputGradient);
            _actor.Backward(inputs, LaneNetwork.Piece);
        }

        for (var piece = 0; piece < Task.MinibatchSize; piece += LaneNetwork.Piece)
        {
            var inputs = _minibatch.Numbers.From(piece, 0);
            var values = _critic.Forward(inputs, LaneNetwork.Piece);
            _losses.Critic(values, _minibatch, piece, LaneNetwork.Piece, _critic.OutputGradient);
            _critic.Backward(inputs, LaneNetwork.Piece);
        }

        _actor.Descend(_learningRates, active);
        _critic.Descend(_learningRates, active);
        _losses.EndMinibatch(active);
    }

    private void Report(int lane)
    {
        var state = _members[lane].State;
        state.TotalSteps += Task.RolloutSteps;
        _members[lane].Report?.Invoke(new TrainingProgress(
            state.TotalSteps, state.RecentReturns.Count > 0 ? state.RecentReturns.Average() : null, _losses.Entropy(lane)));
    }
}
