namespace Pbt.Core.Explore.Bandits;

/// <summary>A Gaussian process of mean 0 with a time-varying kernel, conditioned on noisy values at some points.</summary>
/// <remarks>
/// <para>
/// Posterior at x, with K = k(X, X) + noise·I = UᵀU: mean k(x, X)·K⁻¹y, variance k(x, x) − |U⁻ᵀk(X, x)|² of the value without
/// noise (Rasmussen and Williams 2006, algorithm 2.1). The last points may be without a value: they are pending, and narrow
/// the variance but leave the mean as it is (Desautels et al. 2014).
/// </para>
/// <para>
/// If K is not positive definite in doubles, as with duplicated points and almost no noise, the diagonal grows by 10⁻¹⁰·σ²,
/// then by a hundred times more each time, up to σ². The noise that <see cref="KernelFit"/> chooses is far above that.
/// </para>
/// <para>Bit-identical on every machine. Not thread-safe: predictions share buffers.</para>
/// </remarks>
internal sealed class GaussianProcess
{
    private const double FirstJitter = 1e-10;
    private const double JitterGrowth = 100;

    private readonly BanditPoints _points;
    private readonly KernelRow _kernel;
    private readonly double[] _weights;
    private readonly double[] _squared;
    private readonly double[] _elapsed;
    private readonly double[] _overlap;
    private readonly double[] _k1;
    private readonly double[] _k2;
    private readonly double[] _k;
    private readonly double[] _solved;

    /// <summary>Conditions on the values of the first points; the rest are pending.</summary>
    /// <exception cref="ArithmeticException">A coordinate, a time or a parameter is no finite number.</exception>
    public GaussianProcess(BanditPoints points, ReadOnlySpan<double> values, KernelParameters parameters)
    {
        _points = points;
        Parameters = parameters;
        _kernel = new KernelRow(parameters, points.CategoryCount > 0);
        _squared = new double[points.Count];
        _elapsed = new double[points.Count];
        _overlap = new double[points.Count];
        _k1 = new double[points.Count];
        _k2 = new double[points.Count];
        _k = new double[points.Count];
        _solved = new double[points.Count];
        Factor = Condition();
        _weights = values.ToArray();
        Cholesky.SolveTransposed(Factor, _weights);
        Cholesky.Solve(Factor, _weights);
    }

    /// <summary>The kernel's parameters.</summary>
    public KernelParameters Parameters { get; }

    /// <summary>What the diagonal had to grow by beyond the noise; 0 as a rule.</summary>
    public double Jitter { get; private set; }

    /// <summary>U with K = UᵀU.</summary>
    internal SquareMatrix Factor { get; }

    /// <summary>The mean and the variance at a point.</summary>
    public (double Mean, double Variance) Predict(double time, ReadOnlySpan<double> coordinates, ReadOnlySpan<int> categories)
    {
        Correlate(time, coordinates, categories);
        return Predict();
    }

    /// <summary>The same, with the gradients by the coordinates.</summary>
    public (double Mean, double Variance) Predict(
        double time, ReadOnlySpan<double> coordinates, ReadOnlySpan<int> categories, Span<double> meanGradient, Span<double> varianceGradient)
    {
        Correlate(time, coordinates, categories);
        var prediction = Predict();
        Cholesky.Solve(Factor, _solved);
        meanGradient.Clear();
        varianceGradient.Clear();
        var scale = -2 / Parameters.LengthScale;
        for (var i = 0; i < _points.Count; i++)
        {
            var slope = scale * _kernel.ByFirst(_k2[i]) * _k1[i];
            var byMean = i < _weights.Length ? slope * _weights[i] : 0;
            var byVariance = -2 * slope * _solved[i];
            var other = _points.Coordinates(i);
            for (var j = 0; j < coordinates.Length; j++)
            {
                meanGradient[j] += byMean * (coordinates[j] - other[j]);
                varianceGradient[j] += byVariance * (coordinates[j] - other[j]);
            }
        }

        return prediction;
    }

    private (double Mean, double Variance) Predict()
    {
        var mean = FixedOrderMath.Dot(_weights, _k);
        _k.CopyTo(_solved, 0);
        Cholesky.SolveTransposed(Factor, _solved);
        return (mean, Math.Max(0, Parameters.Variance - FixedOrderMath.Dot(_solved, _solved)));
    }

    private void Correlate(double time, ReadOnlySpan<double> coordinates, ReadOnlySpan<int> categories)
    {
        for (var i = 0; i < _points.Count; i++)
        {
            _squared[i] = BanditPoints.SquaredDistance(coordinates, _points.Coordinates(i));
            _elapsed[i] = Math.Abs(time - _points.Times[i]);
            _overlap[i] = BanditPoints.Overlap(categories, _points.Categories(i));
        }

        _kernel.Coordinates(_squared, _elapsed, _k1);
        if (_points.CategoryCount > 0)
            _kernel.Categories(_overlap, _elapsed, _k2);

        _kernel.Combine(_k1, _k2, _k);
    }

    private SquareMatrix Condition()
    {
        var matrix = new SquareMatrix(_points.Count);
        for (Jitter = 0; Jitter <= Parameters.Variance; Jitter = Jitter == 0 ? FirstJitter * Parameters.Variance : Jitter * JitterGrowth)
        {
            for (var i = 0; i < _points.Count; i++)
            {
                Correlate(_points.Times[i], _points.Coordinates(i), _points.Categories(i));
                _k.AsSpan(i).CopyTo(matrix.Row(i)[i..]);
                matrix[i, i] = Parameters.Variance + Parameters.Noise + Jitter;
            }

            if (Cholesky.TryFactor(matrix))
                return matrix;
        }

        throw new ArithmeticException("A covariance cannot be factored: a coordinate, a time or a parameter of the kernel is no finite number.");
    }
}
