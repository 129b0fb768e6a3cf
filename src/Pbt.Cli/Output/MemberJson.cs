using System.Text.Json;
using Pbt.Core.Population;
using Pbt.Runtime;
using Pbt.Storage.Logs;

namespace Pbt.Cli.Output;

/// <summary>What <c>pbt show --json</c> prints.</summary>
internal static class MemberJson
{
    /// <summary>Writes the member's history.</summary>
    public static void Write(Utf8JsonWriter writer, OpenStudy study, MemberHistory history)
    {
        writer.WriteStartObject();
        writer.WriteString("study", history.State.Spec.Name);
        writer.WritePropertyName("member");
        StatusJson.WriteMember(writer, study, history.State.Spec, history.Member);
        Ancestry.WriteParent(writer, history.State.Spec);
        Ancestry.WriteBeginning(writer, history.State.Spec, history.Member.Id);
        Ancestry.WriteForks(writer, history.State, history.Member.Id);
        writer.WriteStartArray("intervals");
        foreach (var record in history.Intervals)
            WriteInterval(writer, study, history.State, record);

        writer.WriteEndArray();
        writer.WriteStartArray("attempts");
        foreach (var attempt in history.Attempts)
            WriteAttempt(writer, attempt, history.LogIn(study.Directory, attempt));

        writer.WriteEndArray();
        WriteLog(writer, history.LogIn(study.Directory));
        writer.WriteEndObject();
    }

    private static void WriteInterval(Utf8JsonWriter writer, OpenStudy study, StudyState state, IntervalRecord record)
    {
        writer.WriteStartObject();
        writer.WriteNumber("interval", record.Interval);
        writer.WriteNumber("attempt", record.Attempt.Value);
        writer.WriteNumberOrNull("score", record.Score);
        writer.WriteNumberOrNull("smoothed", record.Smoothed);
        writer.WriteMember("donor", record.Donor);
        writer.WriteString("start", record.Start?.ToString());

        // One that nobody needs any more has no place.
        writer.WriteString("checkpoint", record.Checkpoint is { } checkpoint && state.IsLive(checkpoint) ? study.Checkpoints.Locate(checkpoint) : null);
        writer.WriteNumber("steps", record.Steps);
        writer.WriteNumber("lineage_steps", record.LineageSteps);
        writer.WriteNumber("seconds", record.Seconds);
        writer.WriteString("time", record.Time);
        writer.WriteSamples(record);
        writer.WriteMetrics(record);
        writer.WriteHyperparameters(record.Hyperparameters);
        writer.WriteEndObject();
    }

    private static void WriteAttempt(Utf8JsonWriter writer, AttemptEntry attempt, string log)
    {
        writer.WriteStartObject();
        writer.WriteAttempt(attempt);
        writer.WriteString("log", log);
        writer.WriteEndObject();
    }

    private static void WriteLog(Utf8JsonWriter writer, string? path)
    {
        if (path is null)
        {
            writer.WriteNull("log");
            return;
        }

        writer.WriteStartObject("log");
        writer.WriteString("path", path);
        writer.WriteString("tail", LogTail.Shown(path));
        writer.WriteEndObject();
    }
}
