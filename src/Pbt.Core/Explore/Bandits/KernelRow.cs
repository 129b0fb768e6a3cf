using Pbt.Core.Randomness;

namespace Pbt.Core.Explore.Bandits;

/// <summary>Evaluates a time-varying kernel on rows of distances.</summary>
internal readonly struct KernelRow
{
    private readonly KernelParameters _parameters;
    private readonly bool _isMixed;
    private readonly double _inverseLength;
    private readonly double _rate;
    private readonly double _categoryRate;

    /// <summary>The kernel of these parameters.</summary>
    public KernelRow(KernelParameters parameters, bool isMixed)
    {
        _parameters = parameters;
        _isMixed = isMixed;
        _inverseLength = 1 / parameters.LengthScale;
        _rate = -0.5 * PortableMath.Log(1 - parameters.Forgetting);
        _categoryRate = -0.5 * PortableMath.Log(1 - parameters.CategoryForgetting);
    }

    /// <summary>k₁ of each pair.</summary>
    public void Coordinates(ReadOnlySpan<double> squaredDistances, ReadOnlySpan<double> times, Span<double> result)
    {
        for (var i = 0; i < result.Length; i++)
            result[i] = -((squaredDistances[i] * _inverseLength) + (times[i] * _rate));

        FixedOrderMath.ExpOfNegatives(result);
    }

    /// <summary>k₂ of each pair.</summary>
    public void Categories(ReadOnlySpan<double> overlaps, ReadOnlySpan<double> times, Span<double> result)
    {
        for (var i = 0; i < result.Length; i++)
            result[i] = -(times[i] * _categoryRate);

        FixedOrderMath.ExpOfNegatives(result);
        for (var i = 0; i < result.Length; i++)
            result[i] *= overlaps[i];
    }

    /// <summary>k of each pair from k₁ and k₂ (unused without categories).</summary>
    public void Combine(ReadOnlySpan<double> k1, ReadOnlySpan<double> k2, Span<double> result)
    {
        var variance = _parameters.Variance;
        if (!_isMixed)
        {
            for (var i = 0; i < result.Length; i++)
                result[i] = variance * k1[i];
            return;
        }

        var half = 0.5 * (1 - _parameters.Mix);
        for (var i = 0; i < result.Length; i++)
            result[i] = variance * ((half * (k1[i] + k2[i])) + (_parameters.Mix * k1[i] * k2[i]));
    }

    /// <summary>∂k ÷ ∂k₁ of a pair whose k₂ is this.</summary>
    public double ByFirst(double k2) => _isMixed ? _parameters.Variance * ((0.5 * (1 - _parameters.Mix)) + (_parameters.Mix * k2)) : _parameters.Variance;
}
