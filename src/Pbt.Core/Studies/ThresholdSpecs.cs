namespace Pbt.Core.Studies;

/// <summary>The bottom copies a uniform draw from the top, but only one that is clearly better: <c>strategy: threshold</c>.</summary>
/// <remarks>
/// A donor's lead has to exceed each of three thresholds: <see cref="Sigma"/> standard deviations of the scores,
/// <see cref="Relative"/> of the donor's score's size, and <see cref="Absolute"/>. Source: IsaacGymEnvs and
/// sample-factory.
/// </remarks>
/// <param name="Top">The fraction that may donate, 0 … 0.5. Default 0.2.</param>
/// <param name="Bottom">The fraction that may be replaced, 0 … 0.5. Default 0.2.</param>
public sealed record ThresholdExploit(double Top = 0.2, double Bottom = 0.2) : ExploitSpec
{
    /// <summary>The lead in standard deviations. Default 0.5.</summary>
    public double Sigma { get; init; } = 0.5;

    /// <summary>The fraction of the scores, the lowest, that the standard deviation leaves out; at least 0, below 1. Default 0.2.</summary>
    public double Trim { get; init; } = 0.2;

    /// <summary>The lead as a fraction of the size of the donor's score. Default 0.05.</summary>
    public double Relative { get; init; } = 0.05;

    /// <summary>The lead in the objective's own unit. Default 0.</summary>
    public double Absolute { get; init; }

    /// <summary>Whether a member is left alone unless its score is below the lowest of the top. Default true.</summary>
    public bool BelowTop { get; init; } = true;

    /// <summary>
    /// More than this fraction of the population, and at least three of it or all, have to have ended an interval before
    /// anybody is replaced or explores. 0 … 1; default 0.5; 0 is no gate, 1 is all.
    /// </summary>
    public double Quorum { get; init; } = 0.5;

    /// <summary>The intervals that a member is left alone after its weights or hyperparameters changed; at least 1. Default 1: no gate.</summary>
    public int Settle { get; init; } = 1;

    /// <summary>The probability that a replaced member keeps its own hyperparameters, all of them. Default 0.</summary>
    public double KeepOwnHyperparameters { get; init; }

    /// <summary>What a member at the bottom does whose donor is not clearly better. Default explore.</summary>
    public WithoutDonor Otherwise { get; init; } = WithoutDonor.Explore;

    /// <summary>What those do who are neither at the top nor at the bottom. Default keep.</summary>
    public WithoutDonor Middle { get; init; }

    /// <inheritdoc/>
    public override double? DonorFraction => Top;
}

/// <summary>Who is clearly below the mean copies a uniform draw of those clearly above it: <c>strategy: band</c>.</summary>
/// <remarks>The band reaches max(<see cref="Sigma"/>·σ, <see cref="Absolute"/>) to both sides of the mean. Source: Isaac Lab.</remarks>
public sealed record BandExploit : ExploitSpec
{
    /// <summary>Half the band's width in standard deviations. Default 0.1.</summary>
    public double Sigma { get; init; } = 0.1;

    /// <summary>Half the band's width at the least, in the objective's own unit. Default 0.05.</summary>
    public double Absolute { get; init; } = 0.05;

    /// <summary>What a member below the band does where nobody is above it. Default explore.</summary>
    public WithoutDonor Otherwise { get; init; } = WithoutDonor.Explore;
}
