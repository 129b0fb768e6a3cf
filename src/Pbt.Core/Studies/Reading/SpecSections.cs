using System.Collections.Immutable;

namespace Pbt.Core.Studies.Reading;

/// <summary>Every section of the spec with its keys, in canonical order.</summary>
internal static class SpecSections
{
    public static readonly SpecSection Root = new("", [
        "name", "seed", "population", "mode", "compare", "max_lead", "objective", "interval", "budget", "burn_in", "hyperparameters",
        "initial", "ancestor", "preset", "exploit", "explore", "trainer", "evaluate", "resources", "checkpoints", "lease", "on", "hook_timeout",
        "backend"]);

    public static readonly SpecSection Objective = new("objective", ["metric", "goal", "smoothing"]);
    public static readonly SpecSection Smoothing = new("objective.smoothing", ["strategy", "window", "alpha"]);
    public static readonly SpecSection Interval = new("interval", ["steps", "seconds"]);
    public static readonly SpecSection Budget = new("budget", ["intervals", "score", "wall_clock", "total_steps"]);
    public static readonly SpecSection BurnIn = new("burn_in", ["intervals"]);
    public static readonly SpecSection Hyperparameter = new("hyperparameters.*", ["type", "min", "max", "scale", "initial_range", "values", "default"]);

    public static readonly SpecSection Initial = new("initial", [
        "strategy", "members", "candidates", "candidate_intervals", "checkpoints", "checkpoint_steps", "checkpoint"]);

    public static readonly SpecSection Ancestor = new("ancestor", ["study", "directory", "interval"]);

    public static readonly SpecSection Exploit = new("exploit", [
        "strategy", "top", "bottom", "candidates", "tolerance", "sigma", "trim", "relative", "absolute", "below_top", "quorum", "settle",
        "keep_own_hyperparameters", "otherwise", "middle", "ties", "significance", "samples", "frequencies", "migrants",
        "sub_populations", "evaluators", "max_evaluation", "half_life", "name", "settings", "inherit"]);

    public static readonly SpecSection Explore = new("explore", [
        "strategy", "factors", "range", "ratio", "probability", "resample_probability", "reset_probability", "zero_step", "unordered", "sigma",
        "sigma_unit",
        "inertia", "attraction", "overrides", "command", "working_directory", "timeout", "history", "name", "settings", "changes", "when"]);

    public static readonly SpecSection ExploreChange = new("explore.changes[]", ["from_step", "hyperparameters"]);

    public static readonly SpecSection ExploreOverride = new("explore.overrides.*", [
        "strategy", "factors", "range", "ratio", "probability", "resample_probability", "reset_probability", "zero_step", "unordered", "sigma",
        "sigma_unit"]);

    public static readonly SpecSection Trainer = new("trainer", [
        "protocol", "builtin", "command", "working_directory", "env", "start_timeout", "timeout", "silence", "max_attempts", "grace", "score"]);

    public static readonly SpecSection TrainerVariable = new("trainer.env.*", ["from_environment"]);
    public static readonly SpecSection TrainerScore = new("trainer.score", ["from", "regex"]);
    public static readonly SpecSection Evaluate = new("evaluate", ["command", "timeout", "score"]);
    public static readonly SpecSection EvaluateScore = new("evaluate.score", ["from", "regex"]);
    public static readonly SpecSection Resources = new("resources", ["slots", "gpus", "gpus_per_member", "members_per_gpu"]);
    public static readonly SpecSection Checkpoints = new("checkpoints", ["keep_last", "keep_best", "keep", "every", "verify", "sync", "store", "endpoint", "region"]);
    public static readonly SpecSection On = new("on", [.. Vocabulary.Hook.Words]);
    public static readonly SpecSection Backend = new("backend", [
        "kind", "slots_per_worker", "replacements", "poll", "pbt", .. SlurmSection.Keys, "directory", "at_once", "submit", "status", "cancel", "job_id", "state", "states",
        "gone", "timeout", "working_directory", "name", "org", "team", "ace", "instance", "image", "workspaces", "result", "datasets",
        "priority", "preempt", "total_runtime", "commandline", "states_by", "arguments"]);

    public static readonly SpecSection BackendJobId = new("backend.job_id", ["regex", "json"]);
    public static readonly SpecSection BackendState = new("backend.state", ["regex", "json"]);
    public static readonly SpecSection BackendStates = new("backend.states", ["waiting", "running", "completed", "failed"]);

    public static readonly ImmutableArray<SpecSection> All = [
        Root, Objective, Smoothing, Interval, Budget, BurnIn, Hyperparameter, Initial, Ancestor, Exploit, Explore, ExploreChange, ExploreOverride, Trainer, TrainerVariable,
        TrainerScore, Evaluate,
        EvaluateScore, Resources, Checkpoints, On, Backend, BackendJobId, BackendState, BackendStates];
}
