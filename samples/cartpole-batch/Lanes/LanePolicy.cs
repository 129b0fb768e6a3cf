using System.Numerics;
using System.Runtime.CompilerServices;

namespace Pbt.Samples.CartpoleBatch.Lanes;

/// <summary>The distribution over two actions that two logits mean, in each lane.</summary>
internal readonly struct LanePolicy
{
    private readonly Vector<float> _probability0;
    private readonly Vector<float> _probability1;
    private readonly Vector<float> _logProbability0;
    private readonly Vector<float> _logProbability1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LanePolicy(Vector<float> logit0, Vector<float> logit1)
    {
        // By the larger logit's lead, which keeps the exponential in range.
        var difference = logit1 - logit0;
        var lead = Vector.Abs(difference);
        var odds = Vector.Exp(-lead);
        var normalizer = Vector.Log(Vector<float>.One + odds);
        var larger = Vector<float>.One / (Vector<float>.One + odds);
        var smaller = odds / (Vector<float>.One + odds);
        var isLarger1 = Vector.GreaterThanOrEqual(difference, Vector<float>.Zero);
        _probability0 = Vector.ConditionalSelect(isLarger1, smaller, larger);
        _probability1 = Vector.ConditionalSelect(isLarger1, larger, smaller);
        _logProbability0 = Vector.ConditionalSelect(isLarger1, -lead - normalizer, -normalizer);
        _logProbability1 = Vector.ConditionalSelect(isLarger1, -normalizer, -lead - normalizer);
    }

    /// <summary>In nats.</summary>
    public Vector<float> Entropy => -((_probability0 * _logProbability0) + (_probability1 * _logProbability1));

    /// <summary>Chooses 0 or 1 by a number drawn uniformly from [0, 1).</summary>
    public Vector<float> Choose(Vector<float> draw) =>
        Vector.ConditionalSelect(Vector.GreaterThanOrEqual(draw, _probability0), Vector<float>.One, Vector<float>.Zero);

    /// <summary>The log of the probability of an action.</summary>
    public Vector<float> LogProbability(Vector<float> action) =>
        Vector.ConditionalSelect(Vector.Equals(action, Vector<float>.Zero), _logProbability0, _logProbability1);

    /// <summary>Carries a gradient back to the logits.</summary>
    public (Vector<float> By0, Vector<float> By1) Backward(Vector<float> action, Vector<float> byLogProbability, Vector<float> byEntropy)
    {
        var entropy = Entropy;
        var by0 = (byLogProbability * (Vector<float>.One - action - _probability0)) - (byEntropy * _probability0 * (_logProbability0 + entropy));
        var by1 = (byLogProbability * (action - _probability1)) - (byEntropy * _probability1 * (_logProbability1 + entropy));
        return (by0, by1);
    }
}
