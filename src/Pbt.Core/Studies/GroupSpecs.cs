using System.Collections.Immutable;

namespace Pbt.Core.Studies;

/// <summary>Sub-populations that decide at different frequencies, with migration between them: <c>strategy: multiple_frequencies</c>.</summary>
/// <remarks>Source: Doulazmi et al. 2025 (MF-PBT, arXiv 2506.03225).</remarks>
public sealed record MultipleFrequenciesExploit : ExploitSpec
{
    /// <summary>One sub-population for each: it decides after intervals divisible by its frequency. Ascending, at least 1. Default 1, 10, 25, 50.</summary>
    public ImmutableArray<int> Frequencies { get; init; } = [1, 10, 25, 50];

    /// <summary>The fraction of a sub-population that may donate within it, 0 … 0.5. Default 0.25.</summary>
    public double Top { get; init; } = 0.25;

    /// <inheritdoc/>
    public override double? DonorFraction => Top;

    /// <summary>The fraction of a sub-population that copies its top, 0 … 0.5. Default 0.25.</summary>
    public double Bottom { get; init; } = 0.25;

    /// <summary>The fraction of a sub-population, above its bottom, that gives way to better members of others, 0 … 0.5. Default 0.25; 0 is no migration.</summary>
    public double Migrants { get; init; } = 0.25;
}

/// <summary>Sub-populations of which the later ones are judged by how fast their weights improve (FIRE PBT): <c>strategy: fire</c>.</summary>
/// <remarks>Source: Dalibard &amp; Jaderberg 2021 (arXiv 2109.13800).</remarks>
/// <param name="SubPopulations">How many: P1, which is greedy, P2, … At least 2. Default 2.</param>
/// <param name="Evaluators">The fraction of the population that evaluates, above 0, at most 0.5. Default 0.25.</param>
public sealed record FireExploit(int SubPopulations = 2, double Evaluators = 0.25) : ExploitSpec
{
    /// <summary>The fraction of a sub-population that may donate within it, 0 … 0.5. Default 0.25.</summary>
    public double Top { get; init; } = 0.25;

    /// <inheritdoc/>
    public override double? DonorFraction => Top;

    /// <summary>The fraction of a sub-population that may be replaced, 0 … 0.5. Default 0.25.</summary>
    public double Bottom { get; init; } = 0.25;

    /// <summary>The one-sided p-value below which one curve counts as above another, in (0, 1). Default 0.01.</summary>
    public double Significance { get; init; } = 0.01;

    /// <summary>The intervals after which an evaluation without a result ends. Default 10.</summary>
    public int MaxEvaluation { get; init; } = 10;

    /// <summary>The half-life of the exponential smoothing of curves, in points; 0 is no smoothing. Default 1.</summary>
    public double HalfLife { get; init; } = 1;
}
