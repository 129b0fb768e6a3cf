using System.Globalization;
using Pbt.Core.Population;
using Pbt.Core.SearchSpaces;

namespace Pbt.Cli.Exports.TensorBoard;

/// <summary>A study as TensorBoard's event files: a run for each segment of each member, so that no curve joins the weights of two members.</summary>
internal static class EventFiles
{
    private const string ScoreTag = "score";

    /// <summary>Writes them into a folder and returns how many runs there are.</summary>
    /// <exception cref="IOException">They cannot be written.</exception>
    public static int Write(string folder, StudyState state)
    {
        using (var experiment = new EventFile(folder, state.Created))
            experiment.Add(state.Created, 0, [HparamsPlugin.Experiment(state.Members[0].Hyperparameters, ScoreTag, state.Spec.Objective.Metric, state.Created)]);

        var runs = 0;
        foreach (var member in state.Members)
        {
            var segments = LineageSegment.Of(member.History);
            foreach (var segment in segments)
                WriteRun(folder, state, member, segment, isLast: segment.Number == segments.Length);

            runs += segments.Length;
        }

        return runs;
    }

    /// <summary>The folder of a segment, which is the run's name in TensorBoard: <c>m0003/s002</c>.</summary>
    private static string RunOf(MemberId member, LineageSegment segment) =>
        string.Create(CultureInfo.InvariantCulture, $"m{member.Value:D4}/s{segment.Number:D3}");

    private static void WriteRun(string folder, StudyState state, MemberState member, LineageSegment segment, bool isLast)
    {
        var (first, last) = (segment.Intervals[0], segment.Intervals[^1]);
        var sinceCreated = Math.Max(0, (first.Time - state.Created).TotalSeconds);
        var began = first.Time - TimeSpan.FromSeconds(Math.Clamp(first.Seconds, 0, sinceCreated));
        using var file = new EventFile(Path.Combine(folder, RunOf(member.Id, segment)), began);
        file.Add(began, first.LineageSteps - first.Steps, [HparamsPlugin.Start(first.Hyperparameters, began)]);
        foreach (var record in segment.Intervals)
        {
            if (record.Score is { } score)
                file.Add(record.Time, record.LineageSteps, Scalars(record, score));
        }

        // A run that has no end is shown as running.
        if (!isLast || state.HasEnded || member.Phase is MemberPhase.Finished or MemberPhase.Failed or MemberPhase.Retired)
            file.Add(last.Time, last.LineageSteps, [HparamsPlugin.End(isLast && member.Phase == MemberPhase.Failed, last.Time)]);
    }

    private static IEnumerable<ProtobufMessage> Scalars(IntervalRecord record, double score)
    {
        yield return EventFile.Scalar(ScoreTag, score);
        if (record.Smoothed is { } smoothed)
            yield return EventFile.Scalar("smoothed", smoothed);

        yield return EventFile.Scalar("interval", record.Interval);
        yield return EventFile.Scalar("seconds", record.Seconds);
        foreach (var (name, value) in record.Hyperparameters)
        {
            if (value.Kind == HyperparameterValueKind.Bool)
                yield return EventFile.Scalar($"hyperparameters/{name}", value.Truth ? 1 : 0);
            else if (value.Kind != HyperparameterValueKind.Text)
                yield return EventFile.Scalar($"hyperparameters/{name}", value.Number);
        }

        foreach (var (name, value) in record.Metrics)
            yield return EventFile.Scalar($"metrics/{name}", value);
    }
}
