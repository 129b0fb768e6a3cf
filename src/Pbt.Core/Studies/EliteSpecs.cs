namespace Pbt.Core.Studies;

/// <summary>Who falls behind the best that members ever had goes back to one of these: <c>strategy: backtrack</c>.</summary>
/// <remarks>
/// The elite is the best checkpoint that each member completed or started from, each checkpoint once. A member is compared
/// with the elite: at the bottom it copies a uniform draw from the best of it. Source: the backtrack exploit of Orion, after
/// Zhang et al. 2021 (arXiv 2102.13651).
/// </remarks>
/// <param name="Top">The fraction of the elite that may donate, 0 … 0.5. Default 0.2.</param>
/// <param name="Bottom">The fraction, of the elite and the member itself, that is replaced, 0 … 0.5. Default 0.2.</param>
public sealed record BacktrackExploit(double Top = 0.2, double Bottom = 0.2) : ExploitSpec
{
    /// <summary>How many of the elite may donate, instead of the fraction; at least 1. Default null.</summary>
    public int? Candidates { get; init; }

    /// <inheritdoc/>
    public override double? DonorFraction => Top;

    /// <inheritdoc/>
    public override bool KeepsBestOfEach => true;
}

/// <summary>Nobody goes on from anything worse than the best it had: <c>strategy: elitist_back_off</c>.</summary>
/// <remarks>
/// Members are ranked by the best checkpoint that each completed or started from. The bottom copies a uniform draw from the
/// top's; anybody else whose last interval fell below its own goes back to it. Source: the back-off and the elitism of ESGD
/// (Cui et al. 2018, arXiv 1810.06773), with checkpoints for individuals.
/// </remarks>
/// <param name="Top">The fraction that may donate, 0 … 0.5. Default 0.2.</param>
/// <param name="Bottom">The fraction that is replaced, 0 … 0.5. Default 0.2.</param>
public sealed record ElitistBackOffExploit(double Top = 0.2, double Bottom = 0.2) : ExploitSpec
{
    /// <summary>How far an interval may fall below the best before the member goes back, in the objective's unit. Default 0.</summary>
    public double Tolerance { get; init; }

    /// <inheritdoc/>
    public override double? DonorFraction => Top;

    /// <inheritdoc/>
    public override bool KeepsBestOfEach => true;
}
