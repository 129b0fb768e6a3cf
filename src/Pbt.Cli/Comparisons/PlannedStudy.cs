using System.Globalization;
using Pbt.Core.Comparisons;
using Pbt.Core.Studies;

namespace Pbt.Cli.Comparisons;

/// <summary>A run of a compared study that has ended.</summary>
/// <param name="Outcome">Its scores.</param>
/// <param name="Directory">Where its study is; null if it ran in memory.</param>
internal sealed record EndedRun(RunOutcome Outcome, string? Directory);

/// <summary>A study of a comparison: what was run, and what is still to run.</summary>
/// <param name="spec">Its spec; the seed does not count.</param>
/// <param name="source">Where the spec is from: a file, a directory, or a word for a twin.</param>
internal sealed class PlannedStudy(StudySpec spec, string source)
{
    private static readonly StudySpec Defaults = Blank();

    private readonly Dictionary<ulong, EndedRun?> _runs = [];

    /// <summary>Its spec.</summary>
    public StudySpec Spec => spec;

    /// <summary>Where the spec is from.</summary>
    public string Source => source;

    /// <summary>What it is called in the comparison.</summary>
    public string Name { get; set; } = spec.Name;

    /// <summary>What makes it the same study as another: all of the spec that bears on results, but the seed.</summary>
    public string Key { get; } = SpecWriter.ToJson(spec with
    {
        Seed = 0,
        Resources = Defaults.Resources,
        Checkpoints = Defaults.Checkpoints,
        Lease = Defaults.Lease,
        Backend = Defaults.Backend,
    });

    /// <summary>The seeds of its runs, ended and to come, in ascending order.</summary>
    public IReadOnlyList<ulong> Seeds => [.. _runs.Keys.Order()];

    /// <summary>The seeds that are still to run, in ascending order.</summary>
    public IReadOnlyList<ulong> Outstanding => [.. _runs.Where(static r => r.Value is null).Select(static r => r.Key).Order()];

    /// <summary>The runs that have ended, by their seeds.</summary>
    public IReadOnlyList<EndedRun> Ended => [.. _runs.Values.OfType<EndedRun>().OrderBy(static r => r.Outcome.Seed)];

    /// <summary>Its runs, all of which have ended.</summary>
    public StudyRuns Runs => new(Name, Spec, [.. Ended.Select(static r => r.Outcome)]);

    /// <summary>The seeds that a number of runs of a spec has.</summary>
    public static IEnumerable<ulong> SeedsOf(StudySpec spec, int runs) => Enumerable.Range(0, runs).Select(i => unchecked(spec.Seed + (ulong)i));

    /// <summary>Plans a run.</summary>
    /// <exception cref="InvalidRequestException">There is one with this seed.</exception>
    public void Plan(ulong seed) => Add(seed, run: null);

    /// <summary>Adds a run that was read.</summary>
    /// <exception cref="InvalidRequestException">There is one with this seed.</exception>
    public void Add(EndedRun run) => Add(run.Outcome.Seed, run);

    /// <summary>Notes the end of a planned run.</summary>
    public void End(EndedRun run) => _runs[run.Outcome.Seed] = run;

    private void Add(ulong seed, EndedRun? run)
    {
        if (_runs.TryAdd(seed, run))
            return;

        var places = string.Join(" and ", new[] { _runs[seed]?.Directory ?? source, run?.Directory ?? source }.Distinct(StringComparer.Ordinal));
        throw new InvalidRequestException(string.Create(
            CultureInfo.InvariantCulture, $"{Name} has two runs with seed {seed} ({places}): a run counts once, and two of one seed are not independent"));
    }

    private static StudySpec Blank() => new()
    {
        Name = "blank",
        Population = 1,
        Objective = new("score", Goal.Maximize),
        Interval = new(1, null),
        Budget = new(1),
        Hyperparameters = new([]),
        Trainer = new InProcessTrainerSpec(),
    };
}
