using System.Collections.Immutable;
using System.CommandLine;
using Pbt.Cli.Completion;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;
using Pbt.Runtime.Studies;
using Pbt.Storage;

namespace Pbt.Cli.Commands;

/// <summary><c>pbt replay</c>: trains along a recorded schedule.</summary>
internal static class ReplayCommand
{
    private static readonly ImmutableArray<(string Section, string Reason)> Reserved =
    [
        ("population", "a replay has one member for each seed; --seeds K says how many"),
        ("mode", "the members of a replay do not wait for each other"),
        ("compare", "the members of a replay are not compared"),
        ("max_lead", "the members of a replay do not wait for each other"),
        ("burn_in", "the schedule says when hyperparameters change"),
        ("exploit", "nobody replaces the members of a replay"),
        ("explore", "the schedule says how hyperparameters change"),
        ("initial.strategy", "the schedule says how members begin"),
        ("initial.members", "the schedule says how members begin"),
        ("ancestor", "where a study comes from cannot be set"),
    ];

    /// <summary>Makes the command.</summary>
    public static Command Create(CliServices services)
    {
        var source = new Argument<string>("SOURCE") { Description = "A study's directory; or a file that `pbt schedule --export` wrote, or Ray Tune's pbt_policy_*.txt." }.CompletedByStudies();
        var directory = new Option<string>("--dir") { Description = "The new study's directory. A replay that is there is resumed.", Required = true, HelpName = "NEW" };
        var spec = new Option<string?>("--spec") { Description = "The spec whose trainer is used; by default the study's own. A file needs one.", HelpName = "SPEC" };
        var member = ScheduleCommand.Member();
        var seeds = new Option<int>("--seeds") { Description = "How many times it is trained, each with seeds of its own.", DefaultValueFactory = static _ => 1, HelpName = "K" };
        var iteration = new Option<long?>("--steps-per-iteration") { Description = "Trainer steps in one of Ray's training iterations; default: the spec's interval.", HelpName = "S" };
        var settings = SpecSettings.Option();
        var store = CommonOptions.Store();
        var slots = CommonOptions.Slots();
        var umask = CommonOptions.FileModes();
        var command = new Command("replay", "Train one member, or K seeds, along a recorded schedule.") { source, directory, spec, member, seeds, iteration, settings, store, slots, umask };
        return command.Does(async (result, cancellationToken) =>
        {
            var request = new Request(
                result.GetValue(source)!, result.GetValue(spec), result.GetValue(member), Positive("--seeds", result.GetValue(seeds)),
                Positive("--steps-per-iteration", result.GetValue(iteration)), SpecSettings.Parse(result.GetValue(settings) ?? [], Reserved));
            var made = await MakeAsync(services, request, cancellationToken);
            var address = result.GetValue(store) is { } text ? RunCommand.AddressOf(text, made.Spec.Name) : null;
            var run = new StudyRunRequest(made.Spec, made.Text, new StudyDirectory(result.GetValue(directory)!))
            {
                Store = address,
                Slots = result.GetValue(slots),
                Umask = result.GetValue(umask),
                CompleteHint = "; use another --dir for a new one",
            };
            return await new StudyRun(services, run).RunAsync((study, state, end) => RunCommand.Conclude(services, study, state, end));
        });
    }

    private static T Positive<T>(string option, T number) => number is < 1 or < 1L
        ? throw new InvalidRequestException($"{option} is {number}; it must be at least 1")
        : number;

    private static async Task<SpecFile.Contents> MakeAsync(CliServices services, Request request, CancellationToken cancellationToken)
    {
        var (spec, schedule) = Directory.Exists(request.Source)
            ? await FromStudyAsync(services, request, cancellationToken)
            : FromFile(services, request);
        if (schedule.Steps is not null && request.Sets("budget"))
            throw new InvalidRequestException("--set budget: a replay is as long as its schedule, and ends with it");

        var replay = ReplaySpec.Of(spec, schedule, request.Seeds);
        if (!request.Sets("name"))
            replay = replay with { Name = $"{spec.Name}-replay" };

        var made = SpecFile.Write(replay, "the new study has no valid spec");
        var (steps, count) = (made.Spec.Interval.Steps!.Value, schedule.Changes.Length);
        services.Out.WriteLine($"Replaying {Words.Count(count, "stretch", "stretches")} of hyperparameters over {Words.Count(made.Spec.Budget.Intervals!.Value, "interval")} of {Words.Count(steps, "step")}, {Words.Count(request.Seeds, "seed")}.");
        if (spec.Interval.Steps != steps)
            services.Error.WriteLine($"pbt: the interval is {steps} steps, not the {spec.Interval.Steps} of the spec, so that every change and the end fall between two intervals");

        return made;
    }

    private static async Task<(StudySpec Spec, RecordedSchedule Schedule)> FromStudyAsync(CliServices services, Request request, CancellationToken cancellationToken)
    {
        if (request.StepsPerIteration is not null)
            throw new InvalidRequestException("--steps-per-iteration goes with a file of Ray Tune's as SOURCE");

        await using var study = await services.Open(request.Source);
        var state = await StudyLoader.LoadAsync(study, cancellationToken);
        var lineage = Lineage.Of(state, ScheduleCommand.Target(state, request.Member).Checkpoint);
        if (lineage.Length == 0)
            throw new InvalidRequestException($"there is no schedule in {request.Source}: {(request.Member is null ? "no interval has completed yet" : $"{request.Member} has no weights of the study's yet")}");

        if (state.Spec.Interval.Steps is not { } steps)
            throw new InvalidRequestException($"the intervals of the study in {request.Source} are in seconds, and a schedule counts in steps: export it, and replay the file with a --spec whose interval is in steps");

        var own = request.SpecFile is { } file ? SpecFile.Read(file).Spec : state.Spec;
        var spec = SpecSettings.Set(own, request.Settings);
        return (request.Sets("initial") || request.SpecFile is not null ? spec : spec with { InitialCheckpoint = state.Spec.StartOf(lineage[0].Member.Value) }, ReplaySpec.ScheduleOf(lineage, steps));
    }

    private static (StudySpec Spec, RecordedSchedule Schedule) FromFile(CliServices services, Request request)
    {
        if (!File.Exists(request.Source))
            throw new InvalidRequestException($"there is no {request.Source}: name a study's directory, or a file with a schedule");

        if (request.SpecFile is not { } file)
            throw new InvalidRequestException($"{request.Source} has hyperparameters but no trainer: --spec SPEC says what is trained");

        if (request.Member is not null)
            throw new InvalidRequestException("--member goes with a study's directory as SOURCE; a file has one schedule");

        var spec = SpecSettings.Set(SpecFile.Read(file).Spec, request.Settings);
        var iteration = request.StepsPerIteration ?? spec.Interval.Steps ?? 1;
        switch (ScheduleReader.Read(Text(request.Source), request.Source, spec.Hyperparameters, iteration))
        {
            case ScheduleResult.Valid { Schedule: var schedule }:
                if (schedule.Unused.Length > 0)
                    services.Error.WriteLine($"pbt: not replayed, since they are no hyperparameters of {file} and the same throughout: {string.Join(", ", schedule.Unused.Select(Words.OneLine))}");

                return (spec, schedule);
            case ScheduleResult.Invalid invalid:
                throw new InvalidRequestException($"{request.Source} has no schedule for {file}:{Environment.NewLine}{string.Join(Environment.NewLine, invalid.Errors)}");
            default:
                throw new NotSupportedException();
        }
    }

    private static string Text(string path)
    {
        using var reader = new StreamReader(path);
        var text = new char[ScheduleReader.MaxLength + 1];
        return new string(text, 0, reader.ReadBlock(text));
    }

    private sealed record Request(
        string Source, string? SpecFile, string? Member, int Seeds, long? StepsPerIteration, List<KeyValuePair<string, string>> Settings)
    {
        public bool Sets(string section) => Settings.Exists(s => new SpecChange(s.Key, Old: null, New: null).IsIn(section));
    }
}
