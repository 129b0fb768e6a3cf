using System.Globalization;
using Pbt.Core.Population;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Wording;
using Pbt.Dashboard.Views;

namespace Pbt.Dashboard.Telemetry;

/// <summary>What is measured of a study: a function of the fold of its log.</summary>
/// <remarks>Pure. The names are a contract (docs/telemetry.md).</remarks>
internal static class StudyMetrics
{
    private static readonly Metric Up = Gauge("pbt_study_up", "Whether the study's log can be read.");
    private static readonly Metric Info = Gauge("pbt_study_info", "1; the labels say what the study is.");
    private static readonly Metric Phase = Gauge("pbt_study_phase", "1 for the phase that the study is in, 0 for the others.");
    private static readonly Metric Created = Gauge("pbt_study_created_timestamp_seconds", "When the study was created.");
    private static readonly Metric Updated = Gauge("pbt_study_last_event_timestamp_seconds", "When the last event was written.");
    private static readonly Metric Events = Counter("pbt_study_events_total", "Events in the log.");
    private static readonly Metric Active = Counter("pbt_study_active_seconds_total", "Time in which attempts were running.");
    private static readonly Metric Progress = Gauge("pbt_study_progress_ratio", "How much of the budget is used, from 0 to 1.");
    private static readonly Metric Completed = Counter("pbt_study_intervals_completed_total", "Completed intervals of all members.");
    private static readonly Metric Failed = Gauge("pbt_study_intervals_failed", "Failed intervals of all members; a failed study that is resumed opens some again.");
    private static readonly Metric Steps = Counter("pbt_study_steps_total", "Trainer steps of all completed intervals.");
    private static readonly Metric Unfinished = Counter("pbt_study_attempts_unfinished_total", "Attempts that failed, were lost with their worker, or were released.");
    private static readonly Metric Exploits = Counter("pbt_study_exploits_total", "How often a member took a donor's weights or hyperparameters.");
    private static readonly Metric Rescues = Counter("pbt_study_rescues_total", "How often a failed member was given a donor.");
    private static readonly Metric Running = Gauge("pbt_study_attempts_running", "Running attempts.");
    private static readonly Metric Workers = Gauge("pbt_study_workers", "Workers that count as alive.");
    private static readonly Metric Slots = Gauge("pbt_study_slots", "Slots of the workers that count as alive.");
    private static readonly Metric Members = Gauge("pbt_study_members", "Members in each phase.");
    private static readonly Metric Best = Gauge("pbt_study_best_score", "The best score.");
    private static readonly Metric MemberScore = Gauge("pbt_member_score", "The member's latest score.");
    private static readonly Metric MemberIntervals = Gauge("pbt_member_intervals", "The member's ended intervals.");
    private static readonly Metric MemberHyperparameter = Gauge("pbt_member_hyperparameter", "A number among the member's hyperparameters; a bool is 0 or 1.");

    /// <summary>The samples of a study.</summary>
    /// <param name="directory">Its directory, which tells studies of the same name apart.</param>
    /// <param name="view">The fold of its log.</param>
    /// <param name="isUp">Whether the log could be read lately.</param>
    /// <param name="withMembers">Whether each member has samples of its own.</param>
    /// <param name="now">The clock.</param>
    public static IEnumerable<Sample> Of(string directory, StudyView view, bool isUp, bool withMembers, DateTimeOffset now)
    {
        var state = view.State;
        var labels = new Labels(state.Exists ? state.Spec.Name : string.Empty, directory);
        yield return new(Up, labels.Study, isUp ? 1 : 0);
        if (!state.Exists)
            yield break;

        foreach (var sample in OfStudy(labels, state, now))
            yield return sample;

        foreach (var outcome in AttemptTable.Outcomes)
            yield return new(Unfinished, labels.With("outcome", outcome), view.Attempts.CountOf(outcome));

        yield return new(Exploits, labels.Study, view.Exploits);
        yield return new(Rescues, labels.Study, view.Rescues);
        if (!withMembers)
            yield break;

        foreach (var sample in state.Members.SelectMany(member => OfMember(labels, member)))
            yield return sample;
    }

    private static IEnumerable<Sample> OfStudy(Labels labels, StudyState state, DateTimeOffset now)
    {
        yield return new(
            Info,
            [.. labels.Study, new("mode", Words.Lower(state.Spec.Mode)), new("metric", state.Spec.Objective.Metric), new("goal", Words.Lower(state.Spec.Objective.Goal))],
            1);
        foreach (var phase in Enum.GetValues<StudyPhase>())
            yield return new(Phase, labels.With("phase", Words.Lower(phase)), state.Phase == phase ? 1 : 0);

        yield return new(Created, labels.Study, Timestamp(state.Created));
        yield return new(Updated, labels.Study, Timestamp(state.LastTime));
        yield return new(Events, labels.Study, state.Version);
        yield return new(Active, labels.Study, state.ActiveTimeAt(now).TotalSeconds);
        if (StudyProgress.Of(state, now).Fraction is { } fraction)
            yield return new(Progress, labels.Study, fraction);

        yield return new(Completed, labels.Study, state.CompletedIntervals);
        yield return new(Failed, labels.Study, state.FailedIntervals);
        yield return new(Steps, labels.Study, state.TotalSteps);
        yield return new(Running, labels.Study, state.Attempts.Count);
        yield return new(Workers, labels.Study, state.Workers.Count);
        yield return new(Slots, labels.Study, state.Workers.Sum(static worker => (double)worker.Slots));
        foreach (var phase in Enum.GetValues<MemberPhase>())
            yield return new(Members, labels.With("phase", Words.Lower(phase)), state.Members.Count(member => member.Phase == phase));

        if (state.Best is { Record.Score: { } best })
            yield return new(Best, labels.Study, best);
    }

    private static IEnumerable<Sample> OfMember(Labels labels, MemberState member)
    {
        var own = labels.With("member", member.Id.Value.ToString(CultureInfo.InvariantCulture));
        if (member.Latest is { Score: { } score })
            yield return new(MemberScore, own, score);

        yield return new(MemberIntervals, own, member.Intervals);
        foreach (var (name, value) in member.Hyperparameters)
        {
            if (NumberOf(value) is { } number)
                yield return new(MemberHyperparameter, [.. own, new("name", name)], number);
        }
    }

    private static double? NumberOf(HyperparameterValue value) => value.Kind switch
    {
        HyperparameterValueKind.Float => value.Number,
        HyperparameterValueKind.Int => value.Integer,
        HyperparameterValueKind.Bool => value.Truth ? 1 : 0,
        _ => null,
    };

    private static double Timestamp(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;

    private static Metric Counter(string name, string help) => new(name, MetricKind.Counter, help);

    private static Metric Gauge(string name, string help) => new(name, MetricKind.Gauge, help);

    /// <summary>The labels that every sample of a study has.</summary>
    private sealed class Labels(string study, string directory)
    {
        public IReadOnlyList<KeyValuePair<string, string>> Study { get; } = [new("study", study), new("directory", directory)];

        public IReadOnlyList<KeyValuePair<string, string>> With(string name, string value) => [.. Study, new(name, value)];
    }
}
