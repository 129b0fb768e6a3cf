using Pbt.Core.Custom;
using Pbt.Core.Hooks;
using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Runtime.Hooks;
using Pbt.Runtime.Processes;
using Pbt.Runtime.Trainers.Command;

namespace Pbt.Runtime.Studies;

/// <summary>Finds what would make every attempt fail, before a study is created.</summary>
public static class Preflight
{
    /// <summary>The problems, each saying what, where and how to mend it; empty if there are none.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="hasWeights">Which members have weights of their own already; none in a study that does not exist yet.</param>
    public static IReadOnlyList<string> Check(StudySpec spec, Func<int, bool>? hasWeights = null)
    {
        var problems = new List<string>();
        CheckStarts(spec, hasWeights ?? (static _ => false), problems);
        problems.AddRange(CustomStrategies.Objections(spec));
        if (spec.Explore is CommandExplore explore)
            CheckExplore(explore, problems);

        if (spec.Trainer is not ProgramTrainerSpec trainer)
            return problems;

        problems.AddRange(NamedVariables.Missing(spec, InheritedEnvironment.Read(), Environment.MachineName));
        if (!Directory.Exists(trainer.WorkingDirectory))
            problems.Add($"trainer.working_directory: there is no directory {trainer.WorkingDirectory}");
        else
            CheckPrograms(spec, trainer, problems);

        return problems;
    }

    /// <summary>What would make hooks fail on this machine, each saying what, where and how to mend it. No reason not to run the study.</summary>
    public static IReadOnlyList<string> CheckHooks(StudySpec spec)
    {
        var problems = new List<string>();
        var directory = HookProgram.WorkingDirectoryOf(spec);
        if (!Directory.Exists(directory))
            return problems;

        foreach (var (kind, command) in spec.Hooks.Commands)
            CheckProgram($"on.{HookWords.Of(kind)}", command[0], directory, InheritedEnvironment.Read(), problems);

        return problems;
    }

    /// <summary>Refuses a spec that has problems.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="existing">The study as it is, if there is one.</param>
    /// <exception cref="InvalidRequestException">It has.</exception>
    public static void Require(StudySpec spec, StudyState? existing)
    {
        if (Check(spec, existing is null ? null : member => HasWeights(existing, member)) is { Count: > 0 } problems)
            throw new InvalidRequestException($"the study cannot run:{Environment.NewLine}{string.Join(Environment.NewLine, problems)}");
    }

    /// <summary>Whether a member has weights of its own: what it began with is not needed any more.</summary>
    private static bool HasWeights(StudyState state, int member) =>
        member < state.Members.Count && (state.Members[member].Start is not null || state.Members[member].Phase == MemberPhase.Retired);

    private static void CheckStarts(StudySpec spec, Func<int, bool> hasWeights, List<string> problems)
    {
        var key = spec.Initial is ExplicitInitial { Checkpoints.IsEmpty: false } ? "initial.checkpoints" : "initial.checkpoint";
        var missing = Enumerable.Range(0, spec.FirstMembers)
            .Where(member => !hasWeights(member))
            .Select(spec.StartOf)
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .Where(static path => !CheckpointStoreSpec.IsAddress(path) && !Directory.Exists(path))
            .ToList();
        var origin = spec.Ancestor is { } ancestor ? $": it belongs to the study {ancestor.Study}, which was in {ancestor.Directory} when this one was forked; put it back there" : string.Empty;
        problems.AddRange(missing.Select(path => $"{key}: there is no directory {path}{origin}"));
    }

    private static void CheckPrograms(StudySpec spec, ProgramTrainerSpec trainer, List<string> problems)
    {
        var environment = InheritedEnvironment.Read();
        foreach (var (name, value) in trainer.Environment)
        {
            if (value is TextValue text)
                environment[name] = text.Template;
        }

        CheckProgram("trainer.command", trainer.Command[0], trainer.WorkingDirectory, environment, problems);
        if (spec.Evaluate is { } evaluate)
            CheckProgram("evaluate.command", evaluate.Command[0], trainer.WorkingDirectory, environment, problems);
    }

    private static void CheckExplore(CommandExplore explore, List<string> problems)
    {
        if (Directory.Exists(explore.WorkingDirectory))
            CheckProgram("explore.command", explore.Command[0], explore.WorkingDirectory, InheritedEnvironment.Read(), problems);
        else
            problems.Add($"explore.working_directory: there is no directory {explore.WorkingDirectory}");
    }

    private static void CheckProgram(string key, CommandArgument program, string directory, Dictionary<string, string> environment, List<string> problems)
    {
        // A program that a placeholder names is known only when it is started.
        if (ArgumentTemplate.TryParse(program.Parts[0], out _) is not { } template || template.Placeholders.Any())
            return;

        var launch = new ProcessLaunch
        {
            FileName = template.Expand(static name => name),
            WorkingDirectory = directory,
            Environment = environment,
            StandardOutputPath = "/dev/null",
            StandardErrorPath = "/dev/null",
        };
        if (ExecutableLookup.Find(launch, directory, out var reason) is null)
            problems.Add($"{key}{Place(program)}: {reason}");
    }

    private static string Place(CommandArgument program) => program.Line > 0 ? $" (line {program.Line}, column {program.Column})" : string.Empty;
}
