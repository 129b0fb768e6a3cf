using System.Globalization;

namespace Pbt.Core.Studies.Reading;

/// <summary>Reads the spec as a whole: its own keys, its sections and what holds between them.</summary>
internal static class StudySection
{
    /// <summary>The most members, candidates included.</summary>
    internal const int LargestPopulation = 100_000;

    /// <summary>Reads the spec, or returns null after recording at least one error.</summary>
    public static StudySpec? Read(SpecValue document, string directory)
    {
        if (document.Section(SpecSections.Root) is not { } root)
            return null;

        var name = Name(root);
        var seed = root.Value("seed")?.Unsigned() ?? 0;
        var population = root.Required("population", "write the number of members, such as population: 16")?.Int(1, LargestPopulation);
        var preset = Preset(root);
        var mode = root.Value("mode")?.OneOf(Vocabulary.Mode, "mode") ?? preset.Mode;
        var compare = root.Value("compare")?.OneOf(Vocabulary.Compare, "comparison") ?? preset.Compare;
        var maxLead = MaxLead(root, mode);
        var objective = LimitSections.Objective(root);
        var interval = LimitSections.Interval(root);
        var budget = LimitSections.Budget(root);
        var burnIn = LimitSections.BurnIn(root) ?? preset.BurnIn;
        var space = HyperparametersSection.Read(root);
        var exploit = ExploitSection.Read(root.Value("exploit"), preset.Exploit);
        var explore = ExploreSection.Read(root.Value("explore"), space, interval, directory, preset.Explore);
        var initial = InitialSection.Read(root.Value("initial"), space, population, explore, directory);
        var ancestor = AncestorSection.Read(root.Value("ancestor"), directory);
        var trainer = TrainerSection.Read(root, space, directory);
        var evaluate = EvaluateSection.Read(root.Value("evaluate"), space);
        var resources = WorkSections.Resources(root.Value("resources"));
        var checkpoints = WorkSections.Checkpoints(root.Value("checkpoints"));
        var (lease, hooks) = (WorkSections.Lease(root.Value("lease")), HookSection.Read(root));
        var backend = BackendSection.Read(root.Value("backend"), directory);

        CheckStrategies(root, population, compare, exploit, explore, burnIn, initial.Strategy);
        CheckBuiltin(root, trainer, evaluate, interval);
        CheckCandidates(root, initial.Strategy, interval, budget);
        CheckJobs(root, backend as SlurmBackendSpec, resources, interval);
        if (!root.Errors.None)
            return null;

        return new()
        {
            Name = name!,
            Seed = seed,
            Population = population!.Value,
            Mode = mode,
            Compare = compare,
            MaxLead = maxLead,
            Objective = objective!,
            Interval = interval!,
            Budget = budget!,
            BurnIn = burnIn,
            Hyperparameters = space.Space!,
            Initial = initial.Strategy!,
            InitialCheckpoint = initial.Checkpoint,
            Ancestor = ancestor,
            Exploit = exploit!,
            Explore = explore!,
            Trainer = trainer!,
            Evaluate = evaluate,
            Resources = resources,
            Checkpoints = checkpoints,
            Lease = lease,
            Hooks = hooks,
            Backend = backend,
        };
    }

    private static void CheckStrategies(SectionReader root, int? population, ScoreComparison compare, ExploitSpec? exploit, ExploreSpec? explore, int burnIn, InitialSpec? initial)
    {
        if (explore is ScheduleExplore)
            ScheduleSection.Check(root, exploit, burnIn, initial?.Candidates is not null);
        else if (population == 1 && exploit is not (null or NoExploit))
            root.FailKey("population", "a population of 1 has nobody to copy from; write exploit: { strategy: none }, or a larger population");

        GroupExploits.Check(root, population, compare, exploit, explore);
    }

    /// <summary>A built-in trainer is its own judge, and counts in steps.</summary>
    private static void CheckBuiltin(SectionReader root, TrainerSpec? trainer, EvaluateSpec? evaluate, IntervalLength? interval)
    {
        if (trainer is not (null or ProgramTrainerSpec) && evaluate is not null)
            root.FailKey("evaluate", "only a trainer with a command can be evaluated by a second program; remove it");

        if (trainer is BuiltinTrainerSpec && interval is { Steps: null })
            root.FailKey("interval", "a built-in trainer counts in steps; write interval: { steps: 10 }");
    }

    /// <summary>A budget that the candidates use up would leave nothing to the members.</summary>
    private static void CheckCandidates(SectionReader root, InitialSpec? initial, IntervalLength? interval, Budget? budget)
    {
        if (initial is not { Candidates: { } candidates, CandidateIntervals: var intervals })
            return;

        if (budget?.Intervals <= intervals)
            root.FailKey("budget", $"the candidates train {intervals} intervals before the members are chosen, and the budget is {budget.Intervals}; give the budget more intervals, or lower initial.candidate_intervals");

        if (interval?.Steps is { } steps && budget?.TotalSteps is { } total && total <= (decimal)steps * candidates * intervals)
            root.FailKey("budget", $"the candidates take {(decimal)steps * candidates * intervals} steps before the members are chosen, and the budget's total_steps is {total}; raise it, or lower initial.candidates");
    }

    /// <summary>A job has to carry its slots, and an interval has to fit into one.</summary>
    private static void CheckJobs(SectionReader root, SlurmBackendSpec? slurm, ResourcesSpec resources, IntervalLength? interval)
    {
        if (slurm?.GpusOfWorker is { } gpus && resources.Gpus is not { Count: 0 })
        {
            var carried = gpus / resources.GpusPerMember * resources.MembersPerGpu;
            var needed = (slurm.SlotsPerWorker * resources.GpusPerMember + resources.MembersPerGpu - 1) / resources.MembersPerGpu;
            if (slurm.SlotsPerWorker > carried)
                root.FailKey("backend", string.Create(CultureInfo.InvariantCulture, $"a job of {slurm.SlotsPerWorker} slots needs {needed} GPUs (gpus_per_member: {resources.GpusPerMember}, members_per_gpu: {resources.MembersPerGpu}), and backend.gpus gives it {gpus}; raise gpus to {needed}, or lower slots_per_worker"));
        }

        if (slurm?.Time - slurm?.SignalAhead is { } works && interval?.Seconds is { } seconds && seconds >= works.TotalSeconds)
            root.FailKey("interval", string.Create(CultureInfo.InvariantCulture, $"an interval takes {seconds} s, and a job is told of its end {works.TotalSeconds} s after its start (backend.time less signal_ahead), so that none would ever be completed; raise time, or make intervals shorter"));
    }

    private static string? Name(SectionReader root)
    {
        if (root.Required("name", "write a name for the study, such as name: cartpole") is not { } value || value.Text() is not { } name)
            return null;

        if (SpecNames.StudyObjection(name) is { } objection)
            value.Fail(objection);
        return name;
    }

    private static int? MaxLead(SectionReader root, StudyMode mode)
    {
        if (root.Value("max_lead") is not { } value)
            return null;

        if (mode == StudyMode.Synchronous)
            root.FailKey("max_lead", "members of a synchronous study are never ahead of each other; remove max_lead, or write mode: asynchronous");
        return value.Int(1);
    }

    private static StudyPreset Preset(SectionReader root)
    {
        var name = root.Value("preset")?.Kind([.. StudyPreset.All.Select(static p => p.Name)], [], "preset");
        return name is null ? StudyPreset.None : StudyPreset.Find(name)!;
    }
}
