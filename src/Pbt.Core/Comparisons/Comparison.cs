using System.Collections.Immutable;
using Pbt.Core.Statistics;
using Pbt.Core.Studies;

namespace Pbt.Core.Comparisons;

/// <summary>How likely a run of a study is better than one of another.</summary>
/// <param name="Over">The other's name.</param>
/// <param name="Probability">0 … 1; better is in the direction of the goal.</param>
public sealed record Improvement(string Over, Estimate Probability);

/// <summary>One study's figures in a comparison.</summary>
/// <param name="Study">Its runs.</param>
/// <param name="Scores">Their scores in a few numbers.</param>
/// <param name="Mean">The mean score.</param>
/// <param name="InterquartileMean">The mean of the middle half of the scores.</param>
/// <param name="Improvements">Over each reference but itself.</param>
public sealed record ComparedStudy(
    StudyRuns Study, Summary Scores, Estimate Mean, Estimate InterquartileMean, ImmutableArray<Improvement> Improvements);

/// <summary>Where the runs of a study stood after an interval of its members.</summary>
/// <param name="Interval">Which interval, from 1.</param>
/// <param name="Runs">How many runs have a score there.</param>
/// <param name="Current">The mean of each run's best score at this interval.</param>
/// <param name="BestSoFar">The mean of each run's best score so far.</param>
public sealed record CurveRow(int Interval, int Runs, Estimate Current, Estimate BestSoFar);

/// <summary>Several studies beside each other.</summary>
/// <remarks>
/// Pure: the same runs give the same figures. Every interval is a 95 % percentile bootstrap over runs
/// (<see cref="BootstrapInterval"/>).
/// </remarks>
/// <param name="Measure">Which score of a run is compared.</param>
/// <param name="Resamples">How many resamples an interval rests on.</param>
/// <param name="References">The studies that others are held against, by name.</param>
/// <param name="Studies">The figures, in the order given.</param>
public sealed record Comparison(Measure Measure, int Resamples, ImmutableArray<string> References, ImmutableArray<ComparedStudy> Studies)
{
    /// <summary>What all of them optimise.</summary>
    public Objective Objective => Studies[0].Study.Spec.Objective;

    /// <summary>Compares the studies.</summary>
    /// <param name="studies">At least one, all of the same objective, each with runs.</param>
    /// <param name="references">Names of those that the others are held against.</param>
    /// <param name="measure">Which score of a run is compared.</param>
    /// <param name="resamples">How many resamples an interval rests on, at least 1.</param>
    /// <exception cref="ArgumentException">There are no studies, or they have different objectives.</exception>
    public static Comparison Of(
        IReadOnlyList<StudyRuns> studies, IEnumerable<string> references, Measure measure, int resamples = BootstrapInterval.DefaultResamples)
    {
        if (studies.Count == 0)
            throw new ArgumentException("There is nothing to compare.", nameof(studies));

        if (Fairness.Incomparable([.. studies.Select(static s => new NamedSpec(s.Name, s.Spec))]) is { } objection)
            throw new ArgumentException(objection, nameof(studies));

        var named = references.Select(name => studies.First(s => string.Equals(s.Name, name, StringComparison.Ordinal))).ToList();
        return new(measure, resamples, [.. named.Select(static s => s.Name)], [.. studies.Select(study => Compare(study, named, measure, resamples))]);
    }

    /// <summary>Where a study's runs stood after each interval.</summary>
    public static ImmutableArray<CurveRow> Curve(StudyRuns study, int resamples = BootstrapInterval.DefaultResamples) =>
    [
        .. study.Runs.SelectMany(static run => run.Curve).GroupBy(static point => point.Interval).OrderBy(static group => group.Key).Select(group => new CurveRow(
            group.Key,
            group.Count(),
            Mean([.. group.Select(static point => point.Current)], resamples),
            Mean([.. group.Select(static point => point.BestSoFar)], resamples))),
    ];

    private static ComparedStudy Compare(StudyRuns study, List<StudyRuns> references, Measure measure, int resamples)
    {
        var scores = study.Runs.Select(run => run.Score(measure)).ToList();
        return new(
            study,
            Summary.Of(scores),
            Mean(scores, resamples),
            BootstrapInterval.Of(scores, Statistics.InterquartileMean.OfSorted, resamples),
            [.. references.Where(other => other != study).Select(other =>
                new Improvement(other.Name, ProbabilityOfImprovement.Of(Fitness(study, measure), Fitness(other, measure), resamples)))]);
    }

    private static Estimate Mean(IReadOnlyList<double> scores, int resamples) => BootstrapInterval.Of(scores, Summary.MeanOfSorted, resamples);

    private static List<double> Fitness(StudyRuns study, Measure measure) =>
        [.. study.Runs.Select(run => study.Spec.Objective.Fitness(run.Score(measure)))];
}
