using System.Collections.Immutable;
using Pbt.Core.SearchSpaces;

namespace Pbt.Core.Studies;

/// <summary>How the first hyperparameters are chosen, and of how many candidates the members are the best.</summary>
public abstract record InitialSpec
{
    /// <summary>How many candidates begin, above the population; null: the members begin at once.</summary>
    public int? Candidates { get; init; }

    /// <summary>The intervals that candidates train, without exploit and explore, before the best go on; at least 1. Default 1.</summary>
    public int CandidateIntervals { get; init; } = 1;
}

/// <summary>Each member's drawn from the prior: <c>strategy: random</c>.</summary>
public sealed record RandomInitial : InitialSpec;

/// <summary>A stratified draw over the population: <c>strategy: latin_hypercube</c>.</summary>
/// <remarks>Each hyperparameter's prior is cut into N equal parts and each part is drawn once (McKay et al. 1979).</remarks>
public sealed record LatinHypercubeInitial : InitialSpec;

/// <summary>The first points of a scrambled Sobol sequence: <c>strategy: sobol</c>.</summary>
/// <remarks>At most 64 hyperparameters (Joe and Kuo 2008; scrambled as Owen 1995).</remarks>
public sealed record SobolInitial : InitialSpec;

/// <summary>The defaults, explored once for every member but the first: <c>strategy: mutate_defaults</c>.</summary>
/// <remarks>
/// By the study's explore where that moves each by a rule, else by perturb with its standard values. The
/// first member keeps the defaults, so that they are in the comparison.
/// </remarks>
public sealed record MutateDefaultsInitial : InitialSpec;

/// <summary>Given member by member: <c>strategy: explicit</c>.</summary>
/// <param name="Members">One for each member, complete and in bounds.</param>
public sealed record ExplicitInitial(ImmutableArray<Hyperparameters> Members) : InitialSpec;

/// <summary>What a member takes from its donor.</summary>
public enum Inheritance
{
    /// <summary>Both.</summary>
    WeightsAndHyperparameters,

    /// <summary>The checkpoint only.</summary>
    Weights,

    /// <summary>The hyperparameters only.</summary>
    Hyperparameters,
}

/// <summary>How the weak find a donor.</summary>
public abstract record ExploitSpec
{
    /// <summary>What is inherited. Default both.</summary>
    public Inheritance Inherit { get; init; } = Inheritance.WeightsAndHyperparameters;

    /// <summary>The fraction of the ranked members that may donate; null where the strategy has none.</summary>
    public virtual double? DonorFraction => null;

    /// <summary>Whether the best checkpoint of each member is kept, for members to go back to.</summary>
    public virtual bool KeepsBestOfEach => false;
}

/// <summary>What a member does that takes from no donor.</summary>
public enum WithoutDonor
{
    /// <summary>It goes on as it is.</summary>
    Keep,

    /// <summary>It keeps its weights and explores from its own hyperparameters.</summary>
    Explore,
}

/// <summary>Which of two members with the same score ranks higher.</summary>
public enum TieOrder
{
    /// <summary>The one with the lower index.</summary>
    LowerIndex,

    /// <summary>The one with the higher index, as in Ray Tune.</summary>
    HigherIndex,
}

/// <summary>Nobody copies: <c>strategy: none</c>. Members are independent, as in random search.</summary>
public sealed record NoExploit : ExploitSpec;

/// <summary>The bottom copies a uniform draw from the top: <c>strategy: truncation</c>.</summary>
/// <param name="Top">The fraction that may donate, 0 … 0.5. Default 0.2.</param>
/// <param name="Bottom">The fraction that is replaced, 0 … 0.5. Default 0.2.</param>
public sealed record TruncationExploit(double Top = 0.2, double Bottom = 0.2) : ExploitSpec
{
    /// <summary>What those do who are neither at the top nor at the bottom. Default keep.</summary>
    public WithoutDonor Middle { get; init; }

    /// <summary>Who ranks higher on a tie. Default the lower index.</summary>
    public TieOrder Ties { get; init; }

    /// <inheritdoc/>
    public override double? DonorFraction => Top;
}

/// <summary>Draw one other member and copy it if it is better: <c>strategy: binary_tournament</c>.</summary>
public sealed record BinaryTournamentExploit : ExploitSpec;

/// <summary>Draw one other member and copy it if Welch's t-test says it is better: <c>strategy: t_test</c>.</summary>
/// <param name="Significance">The two-sided p-value below which the difference counts, in (0, 1). Default 0.05.</param>
/// <param name="Samples">How many of each member's last samples are compared, at least 2. Default 10.</param>
public sealed record TTestExploit(double Significance = 0.05, int Samples = 10) : ExploitSpec;

/// <summary>A rule of the user's own, registered by name: <c>strategy: custom</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Settings">What it is made with.</param>
public sealed record CustomExploit(string Name, ImmutableSortedDictionary<string, HyperparameterValue> Settings) : ExploitSpec;

/// <summary>When hyperparameters move.</summary>
public enum ExploreWhen
{
    /// <summary>After a member has taken something from a donor.</summary>
    AfterExploit,

    /// <summary>After every interval.</summary>
    Always,
}

/// <summary>How hyperparameters move.</summary>
public abstract record ExploreSpec
{
    /// <summary>When they move. Default after an exploit.</summary>
    public ExploreWhen When { get; init; } = ExploreWhen.AfterExploit;
}

/// <summary>Hyperparameters stay as they are: <c>strategy: none</c>.</summary>
public sealed record NoExplore : ExploreSpec;

/// <summary>Numbers are chosen by a Gaussian process bandit: <c>strategy: pb2</c>.</summary>
/// <param name="ResampleProbability">The probability that a categorical or bool is drawn anew, 0 … 1. Default 0.25.</param>
public sealed record Pb2Explore(double ResampleProbability = 0.25) : ExploreSpec;

/// <summary>The same, with categoricals and bools chosen by EXP3.M: <c>strategy: pb2_mix</c>.</summary>
public sealed record Pb2MixExplore : ExploreSpec;

/// <summary>Each moves towards the donor's and goes on as it moved before: <c>strategy: gpbt_pl</c>.</summary>
/// <param name="Inertia">The most of its last move that is repeated, at least 0. Default 1.</param>
/// <param name="Attraction">The most of the way to the donor's value, at least 0. Default 1.</param>
public sealed record GpbtPlExplore(double Inertia = 1, double Attraction = 1) : ExploreSpec;

/// <summary>A rule of the user's own, registered by name: <c>strategy: custom</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Settings">What it is made with.</param>
public sealed record CustomExplore(string Name, ImmutableSortedDictionary<string, HyperparameterValue> Settings) : ExploreSpec;

/// <summary>A user's program is handed the population as JSON and answers with hyperparameters: <c>strategy: command</c>.</summary>
public sealed record CommandExplore : ExploreSpec
{
    /// <summary>The program and its arguments, with the placeholders <c>{population}</c> and <c>{result}</c>; never given to a shell.</summary>
    public required ImmutableArray<CommandArgument> Command { get; init; }

    /// <summary>Where it runs; absolute once read. Default the folder of the spec.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>How long it may take. Default 5 min.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How many of the last intervals of each member it is handed, at least 1. Default 100.</summary>
    public int History { get; init; } = 100;
}
