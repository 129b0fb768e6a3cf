using System.Text.Json;
using Pbt.Cli.Output;
using Pbt.Core.Population;
using Pbt.Core.SearchSpaces;

namespace Pbt.Cli.Exports;

/// <summary>The tables that a study's log folds to.</summary>
internal static class ExportTables
{
    /// <summary>Members, intervals, attempts and decisions.</summary>
    public static IReadOnlyList<ExportTable> Of(ExportedStudy study) =>
    [
        new("members", study.State.Members.Select(Member)),
        new("intervals", study.State.Members.SelectMany(static member =>
            LineageSegment.Of(member.History).SelectMany(segment => segment.Intervals.Select(record => Interval(member.Id, segment.Number, record))))),
        new("attempts", study.Attempts.SelectMany(static (attempts, member) => attempts.Attempts.Select(attempt => Attempt(new MemberId(member), attempt)))),
        new("decisions", study.Decisions.Select(Decision)),
    ];

    private static Action<Utf8JsonWriter> Member(MemberState member) => writer =>
    {
        writer.WriteNumber("member", member.Id.Value);
        writer.WriteString("state", Words.Lower(member.Phase));
        writer.WriteNumber("intervals", member.Intervals);
        writer.WriteNumber("segments", LineageSegment.Of(member.History).Length);
        writer.WriteNumberOrNull("score", member.Latest?.Score);
        writer.WriteNumberOrNull("smoothed", member.Latest?.Smoothed);
        writer.WriteMember("donor", member.LastDonor);
        writer.WriteString("checkpoint", member.Start?.ToString());
        writer.WriteNumber("failures", member.Failures.Total);
        writer.WriteString("last_failure", member.LastFailure);
        writer.WriteHyperparameters(member.Hyperparameters);
    };

    private static Action<Utf8JsonWriter> Interval(MemberId member, int segment, IntervalRecord record) => writer =>
    {
        writer.WriteNumber("member", member.Value);
        writer.WriteNumber("interval", record.Interval);
        writer.WriteNumber("attempt", record.Attempt.Value);
        writer.WriteNumber("segment", segment);
        writer.WriteMember("donor", record.Donor);
        writer.WriteString("start", record.Start?.ToString());
        writer.WriteString("checkpoint", record.Checkpoint?.ToString());
        writer.WriteNumberOrNull("score", record.Score);
        writer.WriteNumberOrNull("smoothed", record.Smoothed);
        writer.WriteNumber("steps", record.Steps);
        writer.WriteNumber("lineage_steps", record.LineageSteps);
        writer.WriteNumber("seconds", record.Seconds);
        writer.WriteString("time", record.Time);
        writer.WriteSamples(record);
        writer.WriteHyperparameters(record.Hyperparameters);
        writer.WriteMetrics(record);
    };

    private static Action<Utf8JsonWriter> Attempt(MemberId member, AttemptEntry attempt) => writer =>
    {
        writer.WriteNumber("member", member.Value);
        writer.WriteAttempt(attempt);
    };

    private static Action<Utf8JsonWriter> Decision(DecisionEntry decision) => writer =>
    {
        writer.WriteNumber("version", decision.Version);
        writer.WriteString("time", decision.Time);
        writer.WriteNumber("member", decision.Member.Value);
        writer.WriteNumber("interval", decision.Interval);
        writer.WriteString("action", decision.Action);
        writer.WriteMember("donor", decision.Donor);
        writer.WriteString("checkpoint", decision.Checkpoint?.ToString());
        writer.WritePropertyName("before");
        HyperparametersJson.Write(writer, decision.Before);
        writer.WriteHyperparameters(decision.After);
    };
}
