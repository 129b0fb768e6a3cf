using System.Collections.Immutable;

namespace Pbt.Core.Studies;

/// <summary>What another PBT system does, as defaults of a spec: <c>preset: ray</c>.</summary>
/// <remarks>A shorthand: a spec that is read has the values, not the name (docs/presets.md).</remarks>
/// <param name="Name">The word in the spec.</param>
/// <param name="Exploit">Its exploit.</param>
/// <param name="Explore">Its explore.</param>
public sealed record StudyPreset(string Name, ExploitSpec Exploit, ExploreSpec Explore)
{
    private static readonly (double Min, double Max) Ratio = (1.1, 1.5);

    /// <summary>Whether members wait for each other. Default asynchronous.</summary>
    public StudyMode Mode { get; init; } = StudyMode.Asynchronous;

    /// <summary>Which scores a member is compared with. Default latest.</summary>
    public ScoreComparison Compare { get; init; } = ScoreComparison.Latest;

    /// <summary>The intervals without exploit and explore. Default 0.</summary>
    public int BurnIn { get; init; }

    /// <summary>What holds without a preset.</summary>
    public static StudyPreset None { get; } = new("none", new TruncationExploit(), new PerturbExplore());

    /// <summary>Every preset.</summary>
    public static ImmutableArray<StudyPreset> All { get; } =
    [
        // Jaderberg et al. 2017: truncation was the most robust of its rules.
        new("paper", new TruncationExploit(0.2, 0.2), new PerturbExplore { Factors = [0.8, 1.2], ResampleProbability = 0 }),

        // Ray Tune, PopulationBasedTraining's defaults: its lists are stepped through, and on a tie the earlier trial is worse.
        new(
            "ray",
            new TruncationExploit(0.25, 0.25) { Ties = TieOrder.HigherIndex },
            new PerturbExplore { Factors = [1.2, 0.8], ResampleProbability = 0.25, Unordered = UnorderedMove.Step }),

        // IsaacGymEnvs: start_after is one interval, and initial_delay two, so the second interval is the first that decides.
        new(
            "isaacgymenvs",
            new ThresholdExploit(Top: 0.3, Bottom: 0.125) { Sigma = 0.5, Trim = 0.2, Relative = 0.05, BelowTop = true, Quorum = 0.5, Settle = 1, KeepOwnHyperparameters = 0.5 },
            new PerturbExplore { Ratio = Ratio, Probability = 0.15, ResampleProbability = 0 })
        {
            Compare = ScoreComparison.UpToInterval,
            BurnIn = 1,
        },

        // Isaac Lab.
        new(
            "isaaclab",
            new BandExploit { Sigma = 0.1, Absolute = 0.05 },
            new PerturbExplore { Ratio = (1.1, 2), Probability = 0.25, ResampleProbability = 0 })
        {
            Compare = ScoreComparison.UpToInterval,
        },

        // sample-factory: pbt_start_mutation is four of its periods.
        new(
            "sample-factory",
            new ThresholdExploit(Top: 0.3, Bottom: 0.3) { Sigma = 0, Relative = 0.1, Absolute = 1e-6, BelowTop = false, Quorum = 1, Middle = WithoutDonor.Explore },
            new PerturbExplore { Ratio = Ratio, Probability = 0.15, ResampleProbability = 0, ResetProbability = 0.01, Unordered = UnorderedMove.Other })
        {
            BurnIn = 3,
        },

        // DexPBT: the paper's fractions, the mutation of its code, which is IsaacGymEnvs's.
        new(
            "dexpbt",
            new TruncationExploit(0.3, 0.3) { Middle = WithoutDonor.Explore },
            new PerturbExplore { Ratio = Ratio, Probability = 0.15, ResampleProbability = 0 })
        {
            Compare = ScoreComparison.UpToInterval,
        },
    ];

    /// <summary>The preset of this name, or null.</summary>
    public static StudyPreset? Find(string name) => All.FirstOrDefault(p => string.Equals(p.Name, name, StringComparison.Ordinal));
}
