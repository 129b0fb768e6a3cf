using Pbt.Core.Randomness;

namespace Pbt.Core.Explore.Bandits;

/// <summary>How likely some values are under a Gaussian process, by the parameters of its kernel.</summary>
/// <remarks>
/// ln p(y) = −½·yᵀK⁻¹y − ½·ln det K − (n ÷ 2)·ln 2π, and its gradient ½·tr((ααᵀ − K⁻¹)·∂K) with α = K⁻¹y (Rasmussen and
/// Williams 2006, section 5.4.1). An evaluation with the gradient costs about n³ operations, without it a third. Not
/// thread-safe: evaluations share buffers. Bit-identical on every machine.
/// </remarks>
internal sealed class MarginalLikelihood
{
    private const double LogOfTwoPi = 1.8378770664093454836;

    private readonly double[] _values;
    private readonly bool _isMixed;
    private readonly SquareMatrix _squared;
    private readonly double[] _times;
    private readonly double[] _elapsed;
    private readonly SquareMatrix? _overlap;
    private readonly SquareMatrix _k1;
    private readonly SquareMatrix? _k2;
    private readonly SquareMatrix _factor;
    private readonly SquareMatrix _inverse;
    private readonly double[] _solved;
    private readonly double[] _weights;

    /// <summary>Of these values at these points.</summary>
    public MarginalLikelihood(BanditPoints points, double[] values)
    {
        _values = values;
        _isMixed = points.CategoryCount > 0;
        _squared = new SquareMatrix(points.Count);
        _times = points.Times;
        _elapsed = new double[points.Count];
        _k1 = new SquareMatrix(points.Count);
        _factor = new SquareMatrix(points.Count);
        _inverse = new SquareMatrix(points.Count);
        _solved = new double[points.Count];
        _weights = new double[points.Count];
        if (_isMixed)
        {
            _overlap = new SquareMatrix(points.Count);
            _k2 = new SquareMatrix(points.Count);
        }

        for (var i = 0; i < points.Count; i++)
        {
            for (var j = i; j < points.Count; j++)
            {
                _squared[i, j] = BanditPoints.SquaredDistance(points.Coordinates(i), points.Coordinates(j));
                if (_overlap is not null)
                    _overlap[i, j] = BanditPoints.Overlap(points.Categories(i), points.Categories(j));
            }
        }
    }

    /// <summary>The number of values.</summary>
    public int Count => _values.Length;

    /// <summary>ln p(y), or −∞ where the covariance is not positive definite.</summary>
    public double Evaluate(KernelParameters parameters) => TryFactor(parameters) ? LogDensity(0) : double.NegativeInfinity;

    /// <summary>ln p of the last values given the first ones, or −∞ where the covariance is not positive definite.</summary>
    /// <remarks>By the chain rule a sum over the last rows of the same factor.</remarks>
    public double EvaluateLast(KernelParameters parameters, int count) =>
        TryFactor(parameters) ? LogDensity(_values.Length - count) : double.NegativeInfinity;

    /// <summary>ln p(y) and its gradient by the coordinates of <see cref="KernelParameters.ToCoordinates"/>.</summary>
    public double Evaluate(KernelParameters parameters, Span<double> gradient)
    {
        gradient.Clear();
        if (!TryFactor(parameters))
            return double.NegativeInfinity;

        var density = LogDensity(0);
        _solved.CopyTo(_weights, 0);
        Cholesky.Solve(_factor, _weights);
        Cholesky.Invert(_factor, _inverse);
        Cholesky.NegativeInverse(_inverse, _factor);
        for (var i = 0; i < Count; i++)
        {
            var diagonal = (_weights[i] * _weights[i]) + _factor[i, i];
            gradient[0] += 0.5 * diagonal * parameters.Variance;
            gradient[2] += 0.5 * diagonal * parameters.Noise;
            if (_isMixed)
                AddMixed(i, parameters, gradient);
            else
                AddPlain(i, parameters, gradient);
        }

        return density;
    }

    private bool TryFactor(KernelParameters parameters)
    {
        var kernel = new KernelRow(parameters, _isMixed);
        for (var i = 0; i < Count; i++)
        {
            var rest = Count - i;
            var k1 = _k1.Row(i).Slice(i, rest);
            var k2 = _k2 is null ? [] : _k2.Row(i).Slice(i, rest);
            var elapsed = Elapsed(i).Slice(i, rest);
            kernel.Coordinates(_squared.Row(i).Slice(i, rest), elapsed, k1);
            if (_isMixed)
                kernel.Categories(_overlap!.Row(i).Slice(i, rest), elapsed, k2);

            kernel.Combine(k1, k2, _factor.Row(i).Slice(i, rest));
            _factor[i, i] += parameters.Noise;
        }

        return Cholesky.TryFactor(_factor);
    }

    /// <summary>The times from point i to those after it.</summary>
    private Span<double> Elapsed(int i)
    {
        for (var j = i; j < Count; j++)
            _elapsed[j] = Math.Abs(_times[i] - _times[j]);

        return _elapsed;
    }

    private double LogDensity(int from)
    {
        _values.CopyTo(_solved, 0);
        Cholesky.SolveTransposed(_factor, _solved);
        var sum = 0.0;
        for (var i = from; i < Count; i++)
            sum += (0.5 * _solved[i] * _solved[i]) + PortableMath.Log(_factor[i, i]) + (0.5 * LogOfTwoPi);

        return -sum;
    }

    /// <summary>Adds what row i, right of the diagonal, gives to the gradient; each element stands for two.</summary>
    private void AddPlain(int i, KernelParameters parameters, Span<double> gradient)
    {
        var negative = _factor.Row(i);
        var k1 = _k1.Row(i);
        var squared = _squared.Row(i);
        var elapsed = Elapsed(i);
        double byVariance = 0, byLength = 0, byTime = 0;
        for (var j = i + 1; j < Count; j++)
        {
            var product = ((_weights[i] * _weights[j]) + negative[j]) * k1[j];
            byVariance += product;
            byLength += product * squared[j];
            byTime += product * elapsed[j];
        }

        gradient[0] += parameters.Variance * byVariance;
        gradient[1] += parameters.Variance * byLength / parameters.LengthScale;
        gradient[3] -= parameters.Variance * byTime * 0.5 / (1 - parameters.Forgetting);
    }

    private void AddMixed(int i, KernelParameters parameters, Span<double> gradient)
    {
        var negative = _factor.Row(i);
        var k1 = _k1.Row(i);
        var k2 = _k2!.Row(i);
        var squared = _squared.Row(i);
        var elapsed = Elapsed(i);
        var half = 0.5 * (1 - parameters.Mix);
        double byVariance = 0, byLength = 0, byTime = 0, byCategoryTime = 0, byMix = 0;
        for (var j = i + 1; j < Count; j++)
        {
            var weight = (_weights[i] * _weights[j]) + negative[j];
            var first = weight * (half + (parameters.Mix * k2[j])) * k1[j];
            var second = weight * (half + (parameters.Mix * k1[j])) * k2[j];
            byVariance += weight * ((half * (k1[j] + k2[j])) + (parameters.Mix * k1[j] * k2[j]));
            byLength += first * squared[j];
            byTime += first * elapsed[j];
            byCategoryTime += second * elapsed[j];
            byMix += weight * ((k1[j] * k2[j]) - (0.5 * (k1[j] + k2[j])));
        }

        gradient[0] += parameters.Variance * byVariance;
        gradient[1] += parameters.Variance * byLength / parameters.LengthScale;
        gradient[3] -= parameters.Variance * byTime * 0.5 / (1 - parameters.Forgetting);
        gradient[4] -= parameters.Variance * byCategoryTime * 0.5 / (1 - parameters.CategoryForgetting);
        gradient[5] += parameters.Variance * byMix;
    }
}
