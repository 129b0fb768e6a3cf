using System.Globalization;
using Pbt.Core.Comparisons;
using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Runtime.Simulation;
using Pbt.Runtime.Studies;
using Pbt.Storage;

namespace Pbt.Cli.Comparisons;

/// <summary>Runs what a comparison lacks: built-in trainers in memory, what needs a program one after another in directories.</summary>
/// <param name="services">The world; progress goes to its error output.</param>
/// <param name="directory">Where directories are made, as DIRECTORY/NAME/seed-S; null if none was given.</param>
/// <param name="slots">Attempts at a time, or simulated studies.</param>
internal sealed class ComparisonRuns(CliServices services, string? directory, int? slots)
{
    /// <summary>Runs all that is outstanding; the exit code says whether all of it ended well.</summary>
    /// <exception cref="InvalidRequestException">Something cannot run; found before anything is run, where that can be.</exception>
    public async Task<int> RunAsync(IReadOnlyList<PlannedStudy> studies, CancellationToken cancellationToken)
    {
        var simulated = studies.Where(static s => IsSimulated(s.Spec)).ToList();
        var trained = studies.Where(static s => !IsSimulated(s.Spec) && s.Outstanding.Count > 0).ToList();
        Check(trained);
        var exit = await SimulateAsync(simulated, cancellationToken);
        return exit == ExitCode.Done && trained.Count > 0 ? await TrainAsync(trained) : exit;
    }

    // A program that explores is started by workers only.
    private static bool IsSimulated(StudySpec spec) => spec is { Trainer: BuiltinTrainerSpec, Explore: not CommandExplore };

    private void Check(List<PlannedStudy> trained)
    {
        if (trained.Count == 0)
        {
            if (directory is not null)
                services.Error.WriteLine("pbt: nothing runs in --dir: studies of built-in trainers run in memory, and directories are only read");

            return;
        }

        if (directory is null)
            throw new InvalidRequestException($"{trained[0].Name} runs a program, so its runs need a place: add --dir DIR, and they are kept in DIR/{trained[0].Spec.Name}/seed-{trained[0].Outstanding[0]} and so on");

        if (trained.GroupBy(static s => s.Spec.Name, StringComparer.Ordinal).FirstOrDefault(static g => g.Count() > 1) is { } same)
            throw new InvalidRequestException($"{string.Join(" and ", same.Select(static s => s.Source))} are different studies of the name {same.Key}, and {Path.Combine(directory, same.Key)} can hold only one: give them different names");

        foreach (var study in trained)
            StudyRun.Check(services, study.Spec, slots);
    }

    private async Task<int> SimulateAsync(List<PlannedStudy> studies, CancellationToken cancellationToken)
    {
        var specs = studies.SelectMany(static study => study.Outstanding.Select(seed => (Study: study, Spec: study.Spec with { Seed = seed }))).ToList();
        using var interruption = new Interruption();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(interruption.Stop, cancellationToken);
        var runs = await SimulatedRuns.RunAsync([.. specs.Select(static s => s.Spec)], slots ?? Environment.ProcessorCount, either.Token);
        foreach (var ((study, spec), run) in specs.Zip(runs))
        {
            if (run is not SimulatedRun.Completed completed)
                return Failed(study, spec.Seed, ((SimulatedRun.Failed)run).Reason);

            study.End(new EndedRun(completed.Outcome, Directory: null));
        }

        return ExitCode.Done;
    }

    /// <summary>Trains seed after seed, so that what an interruption leaves is balanced.</summary>
    private async Task<int> TrainAsync(List<PlannedStudy> studies)
    {
        var runs = studies
            .SelectMany(static study => study.Outstanding.Select((seed, place) => (Study: study, Seed: seed, Place: place)))
            .OrderBy(static run => run.Place)
            .ToList();
        for (var i = 0; i < runs.Count; i++)
        {
            var (study, seed, _) = runs[i];
            var (exit, stopped) = await TrainAsync(study, seed, string.Create(CultureInfo.InvariantCulture, $"run {i + 1} of {runs.Count}"));
            if (exit != ExitCode.Done)
                return exit;

            if (stopped && i < runs.Count - 1)
                return Interrupted();
        }

        return ExitCode.Done;
    }

    private async Task<(int Exit, bool Stopped)> TrainAsync(PlannedStudy study, ulong seed, string which)
    {
        var spec = study.Spec with { Seed = seed };
        var place = new StudyDirectory(Path.Combine(directory!, spec.Name, string.Create(CultureInfo.InvariantCulture, $"seed-{seed}")));
        services.Error.WriteLine($"pbt: {which}: {study.Name} with seed {seed} in {place.Root}");

        // Standard output is the table's alone.
        var aside = services with { Out = services.Error, IsInteractive = false };
        var run = new StudyRun(aside, new StudyRunRequest(spec, SpecFile.Write(spec, "with this seed it is no valid spec").Text, place) { Slots = slots });
        return await run.RunAsync((_, state, end) => (Note(study, state, place), end != RunEnd.Ended));
    }

    private int Note(PlannedStudy study, StudyState state, StudyDirectory place)
    {
        if (RunOutcome.Objection(state) is { } objection)
            return state.Phase is StudyPhase.Failed or StudyPhase.Completed ? Failed(study, state.Spec.Seed, objection) : Interrupted();

        study.End(new EndedRun(RunOutcome.Of(state), place.Root));
        return ExitCode.Done;
    }

    private int Failed(PlannedStudy study, ulong seed, string reason)
    {
        services.Error.WriteLine(Words.Harmless(
            $"pbt: {study.Name} with seed {seed} came to no score: {reason}. There is no comparison without it: one of the runs that went well would flatter {study.Name}."));
        return ExitCode.StudyFailed;
    }

    private int Interrupted()
    {
        services.Error.WriteLine("Interrupted; nothing is lost. Run the same command again to go on.");
        return ExitCode.Interrupted;
    }
}
