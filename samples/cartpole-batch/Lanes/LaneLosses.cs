using System.Numerics;
using Pbt.Samples.Ppo;

namespace Pbt.Samples.CartpoleBatch.Lanes;

/// <summary>The losses of PPO in each lane, their derivatives, and their sums: <see cref="PpoLoss"/>, many at a time.</summary>
internal sealed class LaneLosses(int minibatchSize)
{
    private readonly double[] _sums = new double[5 * LaneBuffer.Lanes];
    private readonly int[] _updates = new int[LaneBuffer.Lanes];
    private readonly float _share = 1f / minibatchSize;
    private Vector<float> _policy;
    private Vector<float> _entropy;
    private Vector<float> _kl;
    private Vector<float> _clipped;
    private Vector<float> _value;

    /// <summary>Forgets all sums.</summary>
    public void Clear()
    {
        Array.Clear(_sums);
        Array.Clear(_updates);
    }

    /// <summary>The actor's loss of some samples, and its derivative by the logits.</summary>
    public void Actor(LaneMatrix logits, LaneSamples minibatch, int start, int samples, Vector<float> clip, Vector<float> entropyCoefficient, LaneMatrix gradient)
    {
        var share = new Vector<float>(_share);
        for (var s = 0; s < samples; s++)
        {
            var sample = minibatch[start + s];
            var (action, advantage) = (sample[LaneSamples.Action], sample[LaneSamples.Advantage]);
            var policy = new LanePolicy(logits[s, 0], logits[s, 1]);
            var logRatio = policy.LogProbability(action) - sample[LaneSamples.LogProbability];
            var ratio = Vector.Exp(logRatio);
            var bound = Vector.Min(Vector.Max(ratio, Vector<float>.One - clip), Vector<float>.One + clip);
            var (free, bounded) = (ratio * advantage, bound * advantage);
            _policy -= Vector.Min(free, bounded);
            _entropy += policy.Entropy;
            _kl += ratio - Vector<float>.One - logRatio;
            _clipped += Vector.ConditionalSelect(
                Vector.GreaterThan(Vector.Abs(ratio - Vector<float>.One), clip), Vector<float>.One, Vector<float>.Zero);

            var byLogProbability = Vector.ConditionalSelect(Vector.LessThanOrEqual(free, bounded), -free, Vector<float>.Zero);
            (gradient[s, 0], gradient[s, 1]) = policy.Backward(action, byLogProbability * share, -entropyCoefficient * share);
        }
    }

    /// <summary>The critic's loss of some samples, and its derivative by the values.</summary>
    public void Critic(LaneMatrix values, LaneSamples minibatch, int start, int samples, LaneMatrix gradient)
    {
        for (var s = 0; s < samples; s++)
        {
            var error = values[s, 0] - minibatch[start + s][LaneSamples.Return];
            _value = Vector.FusedMultiplyAdd(error * new Vector<float>(0.5f), error, _value);
            gradient[s, 0] = error * new Vector<float>(_share);
        }
    }

    /// <summary>Ends a minibatch: adds its losses to the sums of the lanes that took part.</summary>
    public void EndMinibatch(Vector<int> active)
    {
        for (var lane = 0; lane < LaneBuffer.Lanes; lane++)
        {
            if (active[lane] == 0)
                continue;
            var sums = Sums(lane);
            _updates[lane]++;
            sums[0] += _policy[lane] * _share;
            sums[1] += _value[lane] * _share;
            sums[2] += _entropy[lane] * _share;
            sums[3] += _kl[lane] * _share;
            sums[4] += _clipped[lane] * _share;
        }

        (_policy, _value, _entropy, _kl, _clipped) = (default, default, default, default, default);
    }

    /// <summary>The mean entropy of a lane since the sums were forgotten.</summary>
    public double Entropy(int lane) => Sums(lane)[2] / _updates[lane];

    /// <summary>The means of a lane.</summary>
    public TrainingSummary Summarize(int lane, long steps, int episodes)
    {
        var sums = Sums(lane);
        var updates = _updates[lane];
        return new TrainingSummary(steps, episodes, sums[0] / updates, sums[1] / updates, sums[2] / updates, sums[3] / updates, sums[4] / updates);
    }

    private Span<double> Sums(int lane) => _sums.AsSpan(5 * lane, 5);
}
