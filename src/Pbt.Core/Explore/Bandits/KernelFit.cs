namespace Pbt.Core.Explore.Bandits;

/// <summary>Chooses a kernel's parameters by marginal likelihood.</summary>
/// <remarks>
/// <para>
/// What is maximised is the marginal likelihood of standardised values times weak log-normal priors: medians 1, 0.5 and 0.3
/// for σ², ℓ and the noise, a standard deviation of 1 (the noise: 1.5) in the logarithm. They are worth less than one
/// value each, and keep ℓ off its bounds where the values are nothing but noise; without a noise term and a prior, the
/// published code's ℓ runs to its bound there, and every proposal is a random start.
/// </para>
/// <para>Bounds: σ² 0.01 … 20, ℓ 0.005 … 20, noise 0.0001 … 10, ε and ε₂ 0 … 0.5, λ 0 … 1.</para>
/// </remarks>
internal static class KernelFit
{
    private const double Tolerance = 1e-5;

    private static readonly KernelParameters Least = new() { Variance = 0.01, LengthScale = 0.005, Noise = 1e-4, Forgetting = 0 };

    private static readonly KernelParameters Most = new()
    {
        Variance = 20,
        LengthScale = 20,
        Noise = 10,
        Forgetting = 0.5,
        CategoryForgetting = 0.5,
        Mix = 1,
    };

    private static readonly KernelParameters Median = new() { Variance = 1, LengthScale = 0.5, Noise = 0.3, Forgetting = 0 };

    private static readonly double[] Deviations = [1, 1, 1.5];

    /// <summary>Where a fit begins that knows nothing: the published code's start, and one of short range and little noise.</summary>
    public static readonly KernelParameters[] Starts =
    [
        new() { Variance = 1, LengthScale = 1, Noise = 1, Forgetting = 0.1, CategoryForgetting = 0.1, Mix = 0.5 },
        new() { Variance = 1, LengthScale = 0.1, Noise = 0.1, Forgetting = 0.1, CategoryForgetting = 0.1, Mix = 0.5 },
    ];

    /// <summary>The best parameters that a local search finds from each start.</summary>
    /// <param name="likelihood">Of the values.</param>
    /// <param name="isMixed">Whether the points have categories.</param>
    /// <param name="starts">Where to begin.</param>
    /// <param name="evaluations">The most evaluations from each.</param>
    public static KernelParameters Fit(MarginalLikelihood likelihood, bool isMixed, ReadOnlySpan<KernelParameters> starts, int evaluations)
    {
        var lower = Least.ToCoordinates(isMixed);
        var upper = Most.ToCoordinates(isMixed);
        var median = Median.ToCoordinates(isMixed: false);
        BoxMinimum? best = null;
        foreach (var start in starts)
        {
            var found = BoxMinimizer.Minimize(Objective, start.ToCoordinates(isMixed), lower, upper, evaluations, Tolerance);
            if (best is null || found.Value < best.Value)
                best = found;
        }

        return KernelParameters.FromCoordinates(best!.X);

        double Objective(ReadOnlySpan<double> x, Span<double> gradient)
        {
            var value = -likelihood.Evaluate(KernelParameters.FromCoordinates(x), gradient);
            for (var i = 0; i < gradient.Length; i++)
                gradient[i] = -gradient[i];

            for (var i = 0; i < Deviations.Length; i++)
            {
                var distance = (x[i] - median[i]) / Deviations[i];
                value += 0.5 * distance * distance;
                gradient[i] += distance / Deviations[i];
            }

            return value;
        }
    }
}
