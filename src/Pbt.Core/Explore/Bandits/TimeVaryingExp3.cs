using Pbt.Core.Randomness;

namespace Pbt.Core.Explore.Bandits;

/// <summary>Time-varying EXP3.M: how many of a batch should take each value of a categorical.</summary>
/// <remarks>
/// <para>
/// Weights start equal. Of a batch of B, arm c of C is expected B·((1 − γ)·w ÷ Σw + γ ÷ C) times; with B &lt; C, weights that
/// would give more than 1 are capped (EXP3.M, Uchiya et al. 2010). A play of arm c with reward r in [0, 1] multiplies w by
/// exp(γ·r ÷ (C·q)), q the arm's share of the batch, unless it is capped; then e·ω ÷ C·Σw is added to each weight, so that
/// what was best once can be overtaken (EXP3.S, Auer et al. 2002). γ = min(1, √(C·ln(C ÷ B) ÷ ((e − 1)·B·T))) for B &lt; C,
/// else 0.2; ω = 1 ÷ T, T the number of rounds. Source: Parker-Holder et al. 2021. Its published code adds the share to the
/// factor of the arms that were played only, and takes T ÷ 10 and 10·T in γ and ω.
/// </para>
/// <para>A fold: not thread-safe.</para>
/// </remarks>
internal sealed class TimeVaryingExp3
{
    private const double E = 2.71828182845904523536;
    private const double LargeBatchExploration = 0.2;

    private readonly double[] _weights;
    private readonly int _batch;
    private readonly double _exploration;
    private readonly double _share;

    /// <summary>Begins with equal weights.</summary>
    /// <param name="arms">The number of values, C.</param>
    /// <param name="batch">The size of a batch, B.</param>
    /// <param name="rounds">The number of rounds, T.</param>
    public TimeVaryingExp3(int arms, int batch, int rounds)
    {
        _weights = new double[arms];
        Array.Fill(_weights, 1.0 / arms);
        _batch = batch;
        _share = 1.0 / rounds;
        _exploration = batch < arms
            ? Math.Min(1, Math.Sqrt(arms * PortableMath.Log((double)arms / batch) / ((E - 1) * batch * rounds)))
            : LargeBatchExploration;
    }

    /// <summary>How often each arm is expected in a batch; the sum is B.</summary>
    public double[] Expected()
    {
        var (weights, _) = Capped();
        var sum = Sum(weights);
        var expected = new double[weights.Length];
        for (var c = 0; c < weights.Length; c++)
            expected[c] = _batch * (((1 - _exploration) * weights[c] / sum) + (_exploration / weights.Length));

        return expected;
    }

    /// <summary>Takes in what the plays of one round gave.</summary>
    /// <param name="arms">Which arm each play took.</param>
    /// <param name="rewards">Its reward, 0 … 1.</param>
    public void Observe(ReadOnlySpan<int> arms, ReadOnlySpan<double> rewards)
    {
        var expected = Expected();
        var (capped, cap) = Capped();
        var exponents = new double[_weights.Length];
        for (var i = 0; i < arms.Length; i++)
        {
            if (!(_weights[arms[i]] > cap))
                exponents[arms[i]] += _exploration * rewards[i] * _batch / (_weights.Length * expected[arms[i]]);
        }

        // All are divided by the greatest factor, so that none overflows.
        var greatest = 0.0;
        foreach (var exponent in exponents)
            greatest = Math.Max(greatest, exponent);

        var share = E * _share / _weights.Length * Sum(capped) * PortableMath.Exp(-greatest);
        for (var c = 0; c < _weights.Length; c++)
            _weights[c] = (capped[c] * PortableMath.Exp(exponents[c] - greatest)) + share;

        var sum = Sum(_weights);
        for (var c = 0; c < _weights.Length; c++)
            _weights[c] /= sum;
    }

    /// <summary>The weights, those above the cap lowered to it; without a cap it is infinite.</summary>
    private (double[] Weights, double Cap) Capped()
    {
        var weights = (double[])_weights.Clone();
        if (_batch >= weights.Length || _exploration >= 1)
            return (weights, double.PositiveInfinity);

        var bound = ((1.0 / _batch) - (_exploration / weights.Length)) / (1 - _exploration);
        var descending = (double[])_weights.Clone();
        Array.Sort(descending);
        Array.Reverse(descending);
        var rest = Sum(descending);
        if (descending[0] < bound * rest)
            return (weights, double.PositiveInfinity);

        // With m arms at the cap α: α = bound·(m·α + the rest).
        var cap = double.PositiveInfinity;
        for (var m = 1; m < descending.Length && m * bound < 1; m++)
        {
            rest -= descending[m - 1];
            cap = bound * Math.Max(0, rest) / (1 - (m * bound));
            if (cap >= descending[m])
                break;
        }

        for (var c = 0; c < weights.Length; c++)
            weights[c] = Math.Min(weights[c], cap);

        return (weights, cap);
    }

    private static double Sum(double[] values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;

        return sum;
    }
}
