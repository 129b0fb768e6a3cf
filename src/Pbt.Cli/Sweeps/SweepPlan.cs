using System.Collections.Immutable;
using System.IO.Enumeration;
using Pbt.Core.Studies;
using Pbt.Core.Sweeps;
using Pbt.Storage;

namespace Pbt.Cli.Sweeps;

/// <summary>The runs of a sweep and where they are.</summary>
/// <param name="Sweep">The sweep.</param>
/// <param name="Directory">Where its runs are; absolute.</param>
/// <param name="Studies">The studies that are meant, in the order of the file.</param>
/// <param name="Runs">Their runs, seed after seed, so that what an interruption leaves is balanced.</param>
/// <param name="Strangers">Runs in the directory that the sweep does not name, by their names.</param>
internal sealed record SweepPlan(Sweep Sweep, string Directory, ImmutableArray<SweptStudy> Studies, ImmutableArray<SweepRun> Runs, ImmutableArray<string> Strangers)
{
    /// <summary>Reads the sweep and plans its runs.</summary>
    /// <param name="path">The sweep's file.</param>
    /// <param name="directory">Where its runs are; null for <c>runs/NAME</c>.</param>
    /// <param name="only">Patterns of the runs that are meant; empty for all.</param>
    /// <exception cref="InvalidRequestException">The sweep is no valid one, or a pattern matches nothing.</exception>
    public static SweepPlan Read(string path, string? directory, IReadOnlyList<string> only)
    {
        var (sweep, studies) = SweepFile.Read(path);
        var root = Path.GetFullPath(directory ?? Path.Combine("runs", sweep.Name));
        var runs = RunsOf(studies, root);
        foreach (var pattern in only)
        {
            if (!runs.Any(run => Matches(pattern, run)))
                throw new InvalidRequestException($"--only {Words.OneLine(pattern)} is no run of the sweep; there are {Some(runs)}; * stands for any text");
        }

        var meant = only.Count == 0 ? runs : [.. runs.Where(run => only.Any(pattern => Matches(pattern, run)))];
        return new(sweep, root, [.. studies.Where(study => meant.Any(run => run.Study == study))], meant, StrangersIn(root, runs));
    }

    /// <summary>The runs of some studies, seed after seed.</summary>
    public static ImmutableArray<SweepRun> RunsOf(IEnumerable<SweptStudy> studies, string root) =>
    [
        .. studies
            .SelectMany(study => study.Seeds.Select((seed, place) => (Place: place, Run: new SweepRun(study, seed, new StudyDirectory(Path.Combine(root, study.Name, SweepRun.FolderOf(seed)))))))
            .OrderBy(static run => run.Place)
            .Select(static run => run.Run),
    ];

    private static bool Matches(string pattern, SweepRun run) =>
        FileSystemName.MatchesSimpleExpression(pattern, pattern.Contains('/', StringComparison.Ordinal) ? run.Name : run.Study.Name, ignoreCase: false);

    private static string Some(ImmutableArray<SweepRun> runs) =>
        string.Join(", ", runs.Take(5).Select(static run => run.Name)) + (runs.Length > 5 ? $" and {runs.Length - 5} more" : string.Empty);

    private static ImmutableArray<string> StrangersIn(string root, ImmutableArray<SweepRun> runs)
    {
        if (!System.IO.Directory.Exists(root))
            return [];

        var known = runs.Select(static run => run.Name).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. System.IO.Directory.EnumerateDirectories(root)
                .SelectMany(static study => System.IO.Directory.EnumerateDirectories(study, "seed-*"))
                .Where(static run => new StudyDirectory(run).HasStudy)
                .Select(run => Path.GetRelativePath(root, run))
                .Where(name => !known.Contains(name))
                .Order(StringComparer.Ordinal),
        ];
    }
}
