using System.Collections.Frozen;
using System.Collections.Immutable;
using Pbt.Core.SearchSpaces;

namespace Pbt.Core.Studies.Reading;

/// <summary>The words of the spec that stand for one of a few things; reader and writer share them.</summary>
internal static class Vocabulary
{
    public static readonly Choice<StudyMode> Mode = new(
        ("asynchronous", StudyMode.Asynchronous), ("synchronous", StudyMode.Synchronous));

    public static readonly Choice<ScoreComparison> Compare = new(
        ("latest", ScoreComparison.Latest), ("same_interval", ScoreComparison.SameInterval), ("up_to_interval", ScoreComparison.UpToInterval));

    public static readonly Choice<Goal> Goal = new(("maximize", Studies.Goal.Maximize), ("minimize", Studies.Goal.Minimize));

    public static readonly Choice<Scale> Scale = new(
        ("linear", SearchSpaces.Scale.Linear), ("log", SearchSpaces.Scale.Log), ("one_minus_log", SearchSpaces.Scale.OneMinusLog));

    public static readonly Choice<Inheritance> Inherit = new(
        ("weights_and_hyperparameters", Inheritance.WeightsAndHyperparameters),
        ("weights", Inheritance.Weights),
        ("hyperparameters", Inheritance.Hyperparameters));

    public static readonly Choice<WithoutDonor> WithoutDonor = new(
        ("keep", Studies.WithoutDonor.Keep), ("explore", Studies.WithoutDonor.Explore));

    public static readonly Choice<TieOrder> Ties = new(("lower_index", TieOrder.LowerIndex), ("higher_index", TieOrder.HigherIndex));

    public static readonly Choice<ExploreWhen> When = new(
        ("after_exploit", ExploreWhen.AfterExploit), ("always", ExploreWhen.Always));

    public static readonly Choice<UnorderedMove> Unordered = new(
        ("keep", UnorderedMove.Keep), ("step", UnorderedMove.Step), ("other", UnorderedMove.Other));

    public static readonly Choice<NoiseUnit> SigmaUnit = new(("scale", NoiseUnit.Scale), ("range", NoiseUnit.Range));

    public static readonly Choice<HookKind> Hook = new(
        ("interval", HookKind.Interval),
        ("best", HookKind.Best),
        ("exploit", HookKind.Exploit),
        ("rescue", HookKind.Rescue),
        ("failed", HookKind.Failed),
        ("lost", HookKind.Lost),
        ("finished", HookKind.Finished));

    /// <summary>What is kept for good: every how many intervals.</summary>
    public static readonly Choice<int> Keep = new(("all", 1));

    /// <summary>Where a score may come from; a regular expression has its own key.</summary>
    public static readonly Choice<ScoreSource> ScoreFrom = new(
        ("auto", new ResultScore()), ("result_file", new ResultFileScore()), ("last_json_line", new LastJsonLineScore()));

    /// <summary>The keys of each type of hyperparameter.</summary>
    public static readonly FrozenDictionary<string, ImmutableArray<string>> TypeKeys = Keys(
        ("float", ["min", "max", "scale", "initial_range", "default"]),
        ("int", ["min", "max", "scale", "initial_range", "default"]),
        ("ordinal", ["values", "default"]),
        ("categorical", ["values", "default"]),
        ("bool", ["default"]));

    /// <summary>The keys of each way to begin.</summary>
    public static readonly FrozenDictionary<string, ImmutableArray<string>> InitialKeys = Keys(
        ("random", ["candidates", "candidate_intervals", "checkpoint"]),
        ("latin_hypercube", ["candidates", "candidate_intervals", "checkpoint"]),
        ("sobol", ["candidates", "candidate_intervals", "checkpoint"]),
        ("mutate_defaults", ["candidates", "candidate_intervals", "checkpoint"]),
        ("explicit", ["members", "candidates", "candidate_intervals", "checkpoints", "checkpoint_steps", "checkpoint"]),
        ("schedule", ["checkpoint"]));

    /// <summary>The keys of each smoothing.</summary>
    public static readonly FrozenDictionary<string, ImmutableArray<string>> SmoothingKeys = Keys(
        ("none", []), ("mean", ["window"]), ("exponential", ["alpha"]));

    /// <summary>The keys of each exploit.</summary>
    public static readonly FrozenDictionary<string, ImmutableArray<string>> ExploitKeys = Keys(
        ("truncation", ["top", "bottom", "middle", "ties", "inherit"]),
        ("binary_tournament", ["inherit"]),
        ("t_test", ["significance", "samples", "inherit"]),
        ("threshold", [
            "top", "bottom", "sigma", "trim", "relative", "absolute", "below_top", "quorum", "settle", "keep_own_hyperparameters", "otherwise",
            "middle", "inherit"]),
        ("band", ["sigma", "absolute", "otherwise", "inherit"]),
        ("backtrack", ["top", "bottom", "candidates", "inherit"]),
        ("elitist_back_off", ["top", "bottom", "tolerance", "inherit"]),
        ("fire", ["top", "bottom", "significance", "sub_populations", "evaluators", "max_evaluation", "half_life", "inherit"]),
        ("multiple_frequencies", ["top", "bottom", "frequencies", "migrants", "inherit"]),
        ("custom", ["name", "settings", "inherit"]),
        ("none", []));

    /// <summary>The keys of each explore.</summary>
    public static readonly FrozenDictionary<string, ImmutableArray<string>> ExploreKeys = Keys(
        ("perturb", ["factors", "range", "ratio", "probability", "resample_probability", "reset_probability", "zero_step", "unordered", "overrides", "when"]),
        ("resample", ["resample_probability", "overrides", "when"]),
        ("gaussian", ["probability", "resample_probability", "reset_probability", "sigma", "sigma_unit", "overrides", "when"]),
        ("neighbour", ["probability", "resample_probability", "reset_probability", "overrides", "when"]),
        ("discount", ["ratio", "probability", "resample_probability", "reset_probability", "zero_step", "overrides", "when"]),
        ("pb2", ["resample_probability", "when"]),
        ("pb2_mix", ["when"]),
        ("gpbt_pl", ["inertia", "attraction", "when"]),
        ("command", ["command", "working_directory", "timeout", "history", "when"]),
        ("custom", ["name", "settings", "when"]),
        ("schedule", ["changes"]),
        ("none", []));

    /// <summary>The keys of each explore of a single hyperparameter.</summary>
    public static readonly FrozenDictionary<string, ImmutableArray<string>> OverrideKeys = ExploreKeys
        .Where(static k => k.Key is not ("pb2" or "pb2_mix" or "gpbt_pl" or "command" or "custom"))
        .ToFrozenDictionary(static k => k.Key, static k => k.Value.RemoveAll(static key => key is "overrides" or "when"), StringComparer.Ordinal);

    /// <summary>The keys of each kind of trainer.</summary>
    public static readonly FrozenDictionary<string, ImmutableArray<string>> TrainerKeys = Keys(
        ("command", ["protocol", "command", "working_directory", "env", "timeout", "max_attempts", "grace", "score"]),
        ("session", ["protocol", "command", "working_directory", "env", "start_timeout", "timeout", "silence", "max_attempts", "grace"]),
        ("in_process", ["protocol", "timeout", "max_attempts", "grace"]),
        ("builtin", ["builtin", "timeout", "max_attempts", "grace"]));

    /// <summary>The protocols of a trainer.</summary>
    public static readonly ImmutableArray<string> Protocols = ["command", "session", "in_process"];

    /// <summary>The trainers that come with pbt, and the float hyperparameters that each needs.</summary>
    public static readonly FrozenDictionary<string, ImmutableArray<string>> BuiltinTrainers = Keys(
        ("quadratic", ["h0", "h1"]), ("plain", ["h"]), ("deceptive", ["h"]), ("triangle", ["lr"]));

    /// <summary>The backends that can start workers.</summary>
    public static readonly ImmutableArray<string> Backends = ["local", "slurm", "submit", "ngc"];

    /// <summary>The keys of each backend.</summary>
    public static readonly FrozenDictionary<string, ImmutableArray<string>> BackendKeys = Keys(
        ("local", ["kind"]),
        ("slurm", ["kind", "slots_per_worker", "replacements", "poll", "pbt", .. SlurmSection.Keys]),
        ("submit", [
            "kind", "slots_per_worker", "replacements", "poll", "pbt", "directory", "at_once", "submit", "status", "cancel", "job_id", "state", "states",
            "gone", "timeout", "working_directory"]),
        ("ngc", [
            "kind", "slots_per_worker", "replacements", "poll", "pbt", "directory", "at_once", "timeout", "working_directory", "template", "name", "org",
            "team", "ace", "instance", "image", "workspaces", "result", "datasets", "priority", "preempt", "total_runtime", "commandline", "states_by",
            "arguments"]));

    private static FrozenDictionary<string, ImmutableArray<string>> Keys(params (string Word, ImmutableArray<string> Keys)[] kinds) =>
        kinds.ToFrozenDictionary(static k => k.Word, static k => k.Keys, StringComparer.Ordinal);
}
