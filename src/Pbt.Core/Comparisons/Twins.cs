using Pbt.Core.Studies;

namespace Pbt.Core.Comparisons;

/// <summary>A study's twin by random search: as many members trained as long, each with hyperparameters of its own.</summary>
/// <remarks>
/// Nobody copies and nothing moves. Members begin with draws over the whole search space: <c>initial_range</c>, defaults and
/// a list of first members say where PBT begins, which somebody knew or guessed; a random search (Bergstra and Bengio, "Random
/// search for hyper-parameter optimization", JMLR 13, 2012) has its search space only. A design over the space, such as a latin
/// hypercube, stays. All else is the study's own: population, candidates, budget, interval, trainer, first weights, seed. Pure.
/// </remarks>
public static class RandomSearchTwin
{
    /// <summary>The twin's spec, named <c>NAME-random</c>.</summary>
    public static StudySpec Of(StudySpec spec) => Twin.Of(spec, "-random") with
    {
        Hyperparameters = new([.. spec.Hyperparameters.Definitions.Select(static d => d with { InitialPrior = null })]),
        Initial = spec.Initial is ExplicitInitial or MutateDefaultsInitial
            ? new RandomInitial { Candidates = spec.Initial.Candidates, CandidateIntervals = spec.Initial.CandidateIntervals }
            : spec.Initial,
    };
}

/// <summary>A study's twin whose members keep the hyperparameters that they begin with.</summary>
/// <remarks>
/// Nobody copies and nothing moves; all else is the study's own, its first members included: for the same seed they are the
/// same. So a difference is what exploit and explore do. Pure.
/// </remarks>
public static class ConstantTwin
{
    /// <summary>The twin's spec, named <c>NAME-constant</c>.</summary>
    public static StudySpec Of(StudySpec spec) => Twin.Of(spec, "-constant") with
    {
        // The first members are made from the defaults by explore, which comes to nothing more where nobody copies.
        Explore = spec is { Initial: MutateDefaultsInitial, Explore: PerturbExplore or ResampleExplore or GaussianExplore }
            ? spec.Explore with { When = ExploreWhen.AfterExploit }
            : new NoExplore(),
    };
}

/// <summary>What both twins are.</summary>
file static class Twin
{
    private const int LongestName = 100;

    public static StudySpec Of(StudySpec spec, string suffix) => spec with
    {
        Name = string.Concat(spec.Name.AsSpan(0, Math.Min(spec.Name.Length, LongestName - suffix.Length)), suffix),
        Exploit = new NoExploit(),
        Explore = new NoExplore(),
        BurnIn = 0,
    };
}
