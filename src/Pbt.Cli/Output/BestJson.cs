using System.Collections.Immutable;
using System.Text.Json;
using Pbt.Core.Population;
using Pbt.Runtime;

namespace Pbt.Cli.Output;

/// <summary>What <c>pbt best --json</c> prints.</summary>
internal static class BestJson
{
    /// <summary>Writes the best interval and the schedule that led to it; nulls before anything completed.</summary>
    public static void Write(Utf8JsonWriter writer, OpenStudy study, StudyState state)
    {
        writer.WriteStartObject();
        writer.WriteString("study", state.Spec.Name);
        if (state.Best is { } best)
        {
            WriteFields(writer, study, best);
        }
        else
        {
            foreach (var name in (ReadOnlySpan<string>)["member", "interval", "score", "smoothed", "checkpoint", "hyperparameters"])
                writer.WriteNull(name);
        }

        WriteSchedule(writer, Lineage.Of(state, state.Best?.Record.Checkpoint));
        writer.WriteEndObject();
    }

    /// <summary>Writes the fields of a best interval into an object.</summary>
    public static void WriteFields(Utf8JsonWriter writer, OpenStudy study, BestInterval best)
    {
        writer.WriteNumber("member", best.Member.Value);
        writer.WriteNumber("interval", best.Record.Interval);
        writer.WriteNumberOrNull("score", best.Record.Score);
        writer.WriteNumberOrNull("smoothed", best.Record.Smoothed);
        writer.WriteString("checkpoint", best.Record.Checkpoint is { } checkpoint ? study.Checkpoints.Locate(checkpoint) : null);
        writer.WriteHyperparameters(best.Record.Hyperparameters);
    }

    /// <summary>Writes a row for each interval of a lineage, oldest first.</summary>
    public static void WriteSchedule(Utf8JsonWriter writer, ImmutableArray<LineageStep> lineage)
    {
        writer.WriteStartArray("schedule");
        foreach (var (member, record) in lineage)
        {
            writer.WriteStartObject();
            writer.WriteNumber("interval", record.Interval);
            writer.WriteNumber("steps", record.Steps);
            writer.WriteNumber("member", member.Value);
            writer.WriteNumberOrNull("score", record.Score);
            writer.WriteNumberOrNull("smoothed", record.Smoothed);
            writer.WriteHyperparameters(record.Hyperparameters);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
