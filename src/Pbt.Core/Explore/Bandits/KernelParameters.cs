using Pbt.Core.Randomness;

namespace Pbt.Core.Explore.Bandits;

/// <summary>The parameters of a time-varying kernel and of the noise.</summary>
/// <remarks>
/// k = σ²·[(1 − λ)/2·(k₁ + k₂) + λ·k₁k₂] with k₁ = exp(−‖z − z′‖² ÷ ℓ)·(1 − ε)^(|t − t′| ÷ 2) on the coordinates and k₂ = (the
/// share of categories that agree)·(1 − ε₂)^(|t − t′| ÷ 2); without categories k = σ²·k₁. k(x, x) = σ² in both. Sources:
/// Parker-Holder et al. 2020 (k₁, after Bogunovic et al. 2016); Ru et al. 2020 and Parker-Holder et al. 2021 (the mixture).
/// </remarks>
internal readonly record struct KernelParameters
{
    /// <summary>The number of them when there are no categories.</summary>
    public const int PlainCount = 4;

    /// <summary>The number of them when there are categories.</summary>
    public const int MixedCount = 6;

    /// <summary>σ²: the variance of what is modelled.</summary>
    public required double Variance { get; init; }

    /// <summary>ℓ: a squared distance at which the correlation is 1 ÷ e.</summary>
    public required double LengthScale { get; init; }

    /// <summary>The variance of the noise in what is seen.</summary>
    public required double Noise { get; init; }

    /// <summary>ε: what is forgotten in two intervals, 0 … 0.5.</summary>
    public required double Forgetting { get; init; }

    /// <summary>ε₂: the same for the categories' kernel.</summary>
    public double CategoryForgetting { get; init; }

    /// <summary>λ: 0 adds the two kernels, 1 multiplies them.</summary>
    public double Mix { get; init; }

    /// <summary>The parameters as coordinates to optimise: ln σ², ln ℓ, ln noise, ε and, with categories, ε₂, λ.</summary>
    public double[] ToCoordinates(bool isMixed)
    {
        double[] plain = [PortableMath.Log(Variance), PortableMath.Log(LengthScale), PortableMath.Log(Noise), Forgetting];
        return isMixed ? [.. plain, CategoryForgetting, Mix] : plain;
    }

    /// <summary>The inverse of <see cref="ToCoordinates"/>.</summary>
    public static KernelParameters FromCoordinates(ReadOnlySpan<double> coordinates) => new()
    {
        Variance = PortableMath.Exp(coordinates[0]),
        LengthScale = PortableMath.Exp(coordinates[1]),
        Noise = PortableMath.Exp(coordinates[2]),
        Forgetting = coordinates[3],
        CategoryForgetting = coordinates.Length > PlainCount ? coordinates[4] : 0,
        Mix = coordinates.Length > PlainCount ? coordinates[5] : 0,
    };
}
