using Pbt.Core.SearchSpaces;

namespace Pbt.Core.Studies;

/// <summary>What a study is to do, complete and checked: every default is filled in.</summary>
/// <remarks>Immutable. Made by <c>SpecReader</c> from YAML or JSON; written back by <c>SpecWriter</c>.</remarks>
public sealed record StudySpec
{
    /// <summary>The study's name: letters, digits, <c>.</c>, <c>_</c> and <c>-</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The key of every random draw. Default 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>The number of members, at least 1 (at least 2 with an exploit).</summary>
    public required int Population { get; init; }

    /// <summary>Whether members wait for each other. Default asynchronous.</summary>
    public StudyMode Mode { get; init; } = StudyMode.Asynchronous;

    /// <summary>Which scores a member is compared with. Default latest.</summary>
    public ScoreComparison Compare { get; init; } = ScoreComparison.Latest;

    /// <summary>How many intervals an asynchronous member may be ahead of the slowest; null is no limit.</summary>
    public int? MaxLead { get; init; }

    /// <summary>What is optimised.</summary>
    public required Objective Objective { get; init; }

    /// <summary>The unit of training between two chances to exploit.</summary>
    public required IntervalLength Interval { get; init; }

    /// <summary>When the study ends: at the first limit reached.</summary>
    public required Budget Budget { get; init; }

    /// <summary>The number of intervals that every member completes before it may exploit or explore. Default 0.</summary>
    public int BurnIn { get; init; }

    /// <summary>The search space.</summary>
    public required SearchSpace Hyperparameters { get; init; }

    /// <summary>How the first hyperparameters are chosen.</summary>
    public InitialSpec Initial { get; init; } = new RandomInitial();

    /// <summary>How many members begin: the candidates, or the population.</summary>
    public int FirstMembers => Math.Max(Population, Initial.Candidates ?? 0);

    /// <summary>A directory of trained weights that every member starts from, or null. Absolute.</summary>
    public string? InitialCheckpoint { get; init; }

    /// <summary>The study that this one was forked from, or null.</summary>
    public AncestorSpec? Ancestor { get; init; }

    /// <summary>How the weak find a donor.</summary>
    public ExploitSpec Exploit { get; init; } = new TruncationExploit();

    /// <summary>How hyperparameters move.</summary>
    public ExploreSpec Explore { get; init; } = new PerturbExplore();

    /// <summary>What trains.</summary>
    public required TrainerSpec Trainer { get; init; }

    /// <summary>A second program that gives the score, or null.</summary>
    public EvaluateSpec? Evaluate { get; init; }

    /// <summary>What a worker may use.</summary>
    public ResourcesSpec Resources { get; init; } = new();

    /// <summary>Which checkpoints are kept.</summary>
    public CheckpointPolicy Checkpoints { get; init; } = new();

    /// <summary>How long a worker may be silent before it counts as dead. Default 30 s.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The user's programs that are run when something happens. Default none.</summary>
    public HooksSpec Hooks { get; init; } = HooksSpec.None;

    /// <summary>What starts workers. Default local.</summary>
    public BackendSpec Backend { get; init; } = new LocalBackendSpec();

    /// <summary>The directory of trained weights that a member starts from, or null: from scratch.</summary>
    /// <param name="member">The member's index.</param>
    public string? StartOf(int member) =>
        Initial is ExplicitInitial { Checkpoints.IsEmpty: false } given ? given.Checkpoints[member] : InitialCheckpoint;

    /// <summary>Trainer steps in the weights that a member starts from, as far as the spec says.</summary>
    /// <param name="member">The member's index.</param>
    public long StartStepsOf(int member) =>
        Initial is ExplicitInitial { CheckpointSteps.IsEmpty: false } given ? given.CheckpointSteps[member] : 0;
}

/// <summary>Where a forked study comes from; set by <c>pbt fork</c>, for people.</summary>
/// <param name="Study">The parent's name.</param>
/// <param name="Directory">The parent's directory when it was forked. Absolute.</param>
/// <param name="Interval">The generation, or the interval of each member, that the fork begins after; at least 1.</param>
public sealed record AncestorSpec(string Study, string Directory, int Interval);

/// <summary>Whether members wait for each other.</summary>
public enum StudyMode
{
    /// <summary>A member decides as it completes an interval (Jaderberg et al. 2017).</summary>
    Asynchronous,

    /// <summary>Interval k + 1 of anyone starts when interval k of all has ended.</summary>
    Synchronous,
}

/// <summary>Which scores an asynchronous member is compared with.</summary>
public enum ScoreComparison
{
    /// <summary>Each member's latest.</summary>
    Latest,

    /// <summary>Those at the same interval, among the members that have completed it.</summary>
    SameInterval,

    /// <summary>Those at the same interval, and the latest of members that are behind it (IsaacGymEnvs, DexPBT).</summary>
    UpToInterval,
}

/// <summary>Whether a high score is good.</summary>
public enum Goal
{
    /// <summary>Higher is better.</summary>
    Maximize,

    /// <summary>Lower is better.</summary>
    Minimize,
}

/// <summary>What is optimised.</summary>
/// <param name="Metric">The metric's name, as the trainer reports it; dotted names reach into nested objects.</param>
/// <param name="Goal">Whether a high score is good.</param>
public sealed record Objective(string Metric, Goal Goal)
{
    /// <summary>How scores are smoothed before they are compared. Default not at all.</summary>
    public SmoothingSpec Smoothing { get; init; } = new NoSmoothing();

    /// <summary>The score turned so that higher is better.</summary>
    public double Fitness(double score) => Goal == Goal.Maximize ? score : -score;
}

/// <summary>How the scores along the lineage of some weights are smoothed before they are compared.</summary>
public abstract record SmoothingSpec;

/// <summary>Each score stands for itself: <c>strategy: none</c>.</summary>
public sealed record NoSmoothing : SmoothingSpec;

/// <summary>The mean of the last scores: <c>strategy: mean</c>.</summary>
/// <param name="Window">How many scores, at least 1; fewer where the lineage is shorter.</param>
public sealed record MeanSmoothing(int Window) : SmoothingSpec;

/// <summary>alpha · score + (1 − alpha) · what was before: <c>strategy: exponential</c>.</summary>
/// <param name="Alpha">The weight of the newest score, above 0, at most 1.</param>
public sealed record ExponentialSmoothing(double Alpha) : SmoothingSpec;

/// <summary>The length of an interval: trainer steps or seconds; exactly one is set.</summary>
public sealed record IntervalLength(long? Steps, double? Seconds);

/// <summary>When a study ends: at the first limit reached. At least one is set.</summary>
/// <param name="Intervals">Intervals of each member.</param>
/// <param name="Score">A score that any member reaches.</param>
/// <param name="WallClock">Time in which workers were at work.</param>
/// <param name="TotalSteps">Trainer steps of all members together.</param>
public sealed record Budget(int? Intervals = null, double? Score = null, TimeSpan? WallClock = null, long? TotalSteps = null);

/// <summary>What a worker may use.</summary>
public sealed record ResourcesSpec
{
    /// <summary>Attempts at a time in one worker; null: as many as the GPUs carry, or one a processor.</summary>
    public int? Slots { get; init; }

    /// <summary>Which GPUs: null is <c>auto</c>; an empty list is <c>none</c>; else indices into those visible.</summary>
    public IReadOnlyList<int>? Gpus { get; init; }

    /// <summary>GPUs of one member. Default 1.</summary>
    public int GpusPerMember { get; init; } = 1;

    /// <summary>Members sharing one GPU. Default 1.</summary>
    public int MembersPerGpu { get; init; } = 1;
}

/// <summary>Which checkpoints are kept beyond those that training needs, and how they are checked.</summary>
/// <param name="KeepLast">The latest of each member; at least 1. Default 2.</param>
/// <param name="KeepBest">The best of the study; the very best is always kept, so 0 is as 1. Default 3.</param>
/// <param name="Verify">Whether the digest of every file is compared before an interval starts from it; else sizes only. Default true.</param>
/// <param name="Every">Every how many intervals of each member its checkpoint, and what it went on from, is kept for good; 1 is all; null (default) is none.</param>
/// <param name="Sync">Whether an interval counts only once its checkpoint would outlive a power failure. Default true.</param>
public sealed record CheckpointPolicy(int KeepLast = 2, int KeepBest = 3, bool Verify = true, int? Every = null, bool Sync = true)
{
    /// <summary>Where they are; null (default) is the study's directory.</summary>
    public CheckpointStoreSpec? Store { get; init; }

    /// <summary>Whether the checkpoint of this interval is kept for good.</summary>
    public bool KeepsForGood(int interval) => Every is { } period && interval % period == 0;
}
