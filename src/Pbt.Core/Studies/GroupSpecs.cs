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

    /// <summary>The fraction of a sub-population that copies its top, 0 … 0.5. Default 0.25.</summary>
    public double Bottom { get; init; } = 0.25;

    /// <summary>The fraction of a sub-population, above its bottom, that gives way to better members of others, 0 … 0.5. Default 0.25; 0 is no migration.</summary>
    public double Migrants { get; init; } = 0.25;
}
