using System.Collections.Immutable;
using Pbt.Cli.Output;
using Pbt.Core.Comparisons;
using Pbt.Core.Studies;
using Pbt.Runtime.Studies;

namespace Pbt.Cli.Comparisons;

/// <summary>Twins that a comparison can add.</summary>
internal static class Twins
{
    /// <summary>What each is called on the command line, and how it is made.</summary>
    public static ImmutableArray<(string Word, Func<StudySpec, StudySpec> Of)> All { get; } =
    [
        ("random", RandomSearchTwin.Of),
        ("constant", ConstantTwin.Of),
    ];
}

/// <summary>The studies of a comparison, before anything is run.</summary>
/// <param name="Studies">In the order given, twins last.</param>
/// <param name="References">Those that the others are held against: the first and the twins; none for a study alone.</param>
internal sealed record ComparisonPlan(ImmutableArray<PlannedStudy> Studies, ImmutableArray<PlannedStudy> References)
{
    /// <summary>The specs and what they are called.</summary>
    public IReadOnlyList<NamedSpec> Specs => [.. Studies.Select(static s => new NamedSpec(s.Name, s.Spec))];

    /// <summary>What came of the studies, all of which have ended.</summary>
    /// <param name="inequalities">Why they may have had unequal training, which was allowed.</param>
    /// <param name="measure">Which score of a run is compared.</param>
    /// <param name="resamples">How many resamples an interval rests on.</param>
    public ComparisonReport Report(ImmutableArray<string> inequalities, Measure measure, int resamples) => new(
        Comparison.Of([.. Studies.Select(static s => s.Runs)], References.Select(static s => s.Name), measure, resamples),
        inequalities,
        Fairness.Differences(Specs),
        Studies
            .SelectMany(static study => study.Ended.Where(static run => run.Directory is not null).Select(run => (Key: (study.Name, run.Outcome.Seed), run.Directory)))
            .ToDictionary(static run => run.Key, static run => run.Directory!));

    /// <summary>Reads spec files and finished studies, and adds twins of the first.</summary>
    /// <param name="services">The world.</param>
    /// <param name="arguments">Spec files and directories.</param>
    /// <param name="seeds">How many runs a spec file gets, or null.</param>
    /// <param name="settings">Keys that are set in every spec file, and their values.</param>
    /// <param name="against">Words for twins.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="InvalidRequestException">One cannot be read, is no valid spec or is not finished; or seeds are missing or repeated.</exception>
    public static async Task<ComparisonPlan> ReadAsync(
        CliServices services,
        IReadOnlyList<string> arguments,
        int? seeds,
        IReadOnlyList<KeyValuePair<string, string>> settings,
        IReadOnlyList<string> against,
        CancellationToken cancellationToken)
    {
        var files = arguments.Where(static a => !Directory.Exists(a)).ToList();
        if (files.Count > 0 && seeds is null)
            throw new InvalidRequestException($"--seeds is missing: how many runs of {files[0]} are to be compared, such as --seeds 10");

        if (files.Count == 0 && seeds is not null)
            throw new InvalidRequestException("--seeds says how often spec files are run, and none is given: a directory is one run, with the seed that it has");

        if (files.Count == 0 && settings.Count > 0)
            throw new InvalidRequestException("--set changes spec files, and none is given: a directory is a study that has ended");

        var studies = new List<PlannedStudy>();
        foreach (var argument in arguments)
        {
            if (Directory.Exists(argument))
                await AddFinishedAsync(services, studies, argument, cancellationToken);
            else
                AddFile(studies, argument, seeds!.Value, settings);
        }

        var references = new List<PlannedStudy> { studies[0] };
        foreach (var (word, twin) in Twins.All.Where(t => against.Contains(t.Word, StringComparer.Ordinal)))
            references.Add(AddTwin(studies, twin(studies[0].Spec), word));

        Label(studies);
        return new([.. studies], studies.Count > 1 ? [.. references.Distinct()] : []);
    }

    private static void AddFile(List<PlannedStudy> studies, string path, int seeds, IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var read = SpecFile.Read(path).Spec;
        var spec = settings.Count > 0 ? SpecSettings.Set(read, settings) : read;
        var study = Find(studies, new PlannedStudy(spec, path));
        foreach (var seed in PlannedStudy.SeedsOf(spec, seeds))
            study.Plan(seed);
    }

    private static async Task AddFinishedAsync(CliServices services, List<PlannedStudy> studies, string directory, CancellationToken cancellationToken)
    {
        await using var open = await services.Open(directory);
        var state = await StudyLoader.LoadAsync(open, cancellationToken);
        if (RunOutcome.Objection(state) is { } objection)
            throw new InvalidRequestException($"the study in {directory} cannot be compared: {objection}; `pbt status {directory}` shows it, `pbt run SPEC --dir {directory}` goes on with one that has not ended");

        Find(studies, new PlannedStudy(state.Spec, directory)).Add(new EndedRun(RunOutcome.Of(state), directory));
    }

    /// <summary>The twin, with the seeds of the study whose twin it is; one that was given is taken as it is.</summary>
    private static PlannedStudy AddTwin(List<PlannedStudy> studies, StudySpec spec, string word)
    {
        var planned = new PlannedStudy(spec, $"--against {word}");
        var twin = Find(studies, planned);
        if (twin == planned)
        {
            foreach (var seed in studies[0].Seeds)
                twin.Plan(seed);
        }

        return twin;
    }

    private static PlannedStudy Find(List<PlannedStudy> studies, PlannedStudy planned)
    {
        var known = studies.Find(s => string.Equals(s.Key, planned.Key, StringComparison.Ordinal));
        if (known is null)
            studies.Add(planned);

        return known ?? planned;
    }

    /// <summary>Different studies of one name are told apart by where they are from.</summary>
    private static void Label(List<PlannedStudy> studies)
    {
        foreach (var same in studies.GroupBy(static s => s.Name, StringComparer.Ordinal).Where(static g => g.Count() > 1).ToList())
        {
            foreach (var study in same)
                study.Name = $"{study.Spec.Name} ({study.Source})";
        }
    }
}
