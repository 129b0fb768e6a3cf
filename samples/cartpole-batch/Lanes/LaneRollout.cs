using System.Numerics;
using Pbt.Samples.Ppo;
using Pbt.Samples.Ppo.Environments;

namespace Pbt.Samples.CartpoleBatch.Lanes;

/// <summary>What the environments of each lane's member did in one rollout, and what PPO derives from it.</summary>
/// <remarks>Sample t * environments + e is step t of environment e, as in <see cref="RolloutBuffer"/>.</remarks>
internal sealed class LaneRollout(PpoTask task)
{
    private readonly LaneCartPoles _environments = new(task.EnvironmentCount);
    private readonly LaneBuffer _observations = new(CartPole.ObservationSize * task.EnvironmentCount);
    private readonly LaneBuffer _nextObservations = new(CartPole.ObservationSize * task.RolloutSteps);
    private readonly LaneBuffer _values = new(task.RolloutSteps);
    private readonly LaneBuffer _nextValues = new(task.RolloutSteps);
    private readonly Vector<int>[] _terminated = new Vector<int>[task.RolloutSteps];
    private readonly Vector<int>[] _ended = new Vector<int>[task.RolloutSteps];
    private readonly int[] _episodes = new int[LaneBuffer.Lanes];
    private readonly float _reward = task.RewardScale * (float)CartPole.Reward;
    private IReadOnlyList<BatchMember> _members = [];

    /// <summary>What the networks are trained on.</summary>
    public LaneSamples Samples { get; } = new(task.RolloutSteps);

    /// <summary>Episodes that have ended in each lane since it was loaded.</summary>
    public IReadOnlyList<int> Episodes => _episodes;

    /// <summary>Gamma of each lane.</summary>
    public Vector<float> Discount { get; set; }

    /// <summary>Gamma times lambda of each lane.</summary>
    public Vector<float> DiscountedLambda { get; set; }

    /// <summary>Takes up the members' environments; their generators are drawn from, and their returns noted, in place.</summary>
    public void Load(IReadOnlyList<BatchMember> members)
    {
        _members = members;
        Array.Clear(_episodes);
        for (var e = 0; e < task.EnvironmentCount; e++)
        {
            for (var lane = 0; lane < members.Count; lane++)
                _environments.Load(e, lane, (CartPole)members[lane].State.Environments[e]);
        }
    }

    /// <summary>Gives the members their environments back.</summary>
    public void Unload()
    {
        for (var e = 0; e < task.EnvironmentCount; e++)
        {
            for (var lane = 0; lane < _members.Count; lane++)
                _environments.Unload(e, lane, (CartPole)_members[lane].State.Environments[e]);
        }
    }

    /// <summary>Lets the policies act.</summary>
    public void Collect(LaneNetwork actor)
    {
        var observations = new LaneMatrix(_observations.Vectors, CartPole.ObservationSize);
        for (var step = 0; step < task.StepsPerEnvironment; step++)
        {
            for (var e = 0; e < task.EnvironmentCount; e++)
                _environments.Observe(e, _observations.Vectors[(e * CartPole.ObservationSize)..]);
            var logits = actor.Forward(observations, task.EnvironmentCount);
            for (var e = 0; e < task.EnvironmentCount; e++)
                Step(e, (step * task.EnvironmentCount) + e, new LanePolicy(logits[e, 0], logits[e, 1]));
        }
    }

    /// <summary>Generalised advantage estimation, as <see cref="RolloutBuffer.ComputeAdvantages"/> says.</summary>
    public void EstimateAdvantages(LaneNetwork critic)
    {
        Evaluate(critic, Samples.Numbers, _values.Vectors);
        Evaluate(critic, new LaneMatrix(_nextObservations.Vectors, CartPole.ObservationSize), _nextValues.Vectors);
        var reward = new Vector<float>(_reward);
        for (var e = 0; e < task.EnvironmentCount; e++)
        {
            var advantage = Vector<float>.Zero;
            for (var index = task.RolloutSteps - task.EnvironmentCount + e; index >= 0; index -= task.EnvironmentCount)
            {
                var nextValue = Vector.ConditionalSelect(_terminated[index], Vector<float>.Zero, _nextValues.Vectors[index]);
                var error = Vector.FusedMultiplyAdd(Discount, nextValue, reward) - _values.Vectors[index];
                advantage = error + Vector.ConditionalSelect(_ended[index], Vector<float>.Zero, DiscountedLambda * advantage);
                var sample = Samples[index];
                sample[LaneSamples.Advantage] = advantage;
                sample[LaneSamples.Return] = advantage + _values.Vectors[index];
            }
        }
    }

    private void Step(int e, int index, LanePolicy policy)
    {
        var sample = Samples[index];
        _environments.Observe(e, sample);
        var action = policy.Choose(Draw());
        sample[LaneSamples.Action] = action;
        sample[LaneSamples.LogProbability] = policy.LogProbability(action);
        var (terminated, truncated) = _environments.Step(e, action);
        _environments.Observe(e, _nextObservations.Vectors[(index * CartPole.ObservationSize)..]);
        _terminated[index] = terminated;
        _ended[index] = terminated | truncated;
        if (_ended[index] != Vector<int>.Zero)
            StartEpisodes(e, _ended[index]);
    }

    private Vector<float> Draw()
    {
        Span<float> draws = stackalloc float[LaneBuffer.Lanes];
        draws.Clear();
        for (var lane = 0; lane < _members.Count; lane++)
            draws[lane] = (float)_members[lane].State.Random.NextDouble();
        return new Vector<float>(draws);
    }

    private void StartEpisodes(int e, Vector<int> ended)
    {
        for (var lane = 0; lane < _members.Count; lane++)
        {
            if (ended[lane] == 0)
                continue;
            _episodes[lane]++;
            _members[lane].State.RecordReturn(_environments.Steps(e)[lane] * CartPole.Reward);
            _environments.Reset(e, lane, _members[lane].State.Random);
        }
    }

    private void Evaluate(LaneNetwork critic, LaneMatrix observations, Span<Vector<float>> values)
    {
        for (var start = 0; start < task.RolloutSteps; start += LaneNetwork.Piece)
        {
            var result = critic.Forward(observations.From(start, 0), LaneNetwork.Piece);
            for (var s = 0; s < LaneNetwork.Piece; s++)
                values[start + s] = result[s, 0];
        }
    }
}
