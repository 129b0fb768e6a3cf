using System.Globalization;
using System.Text.Json;
using Pbt.Core.Population;
using Pbt.Core.Wording;
using Pbt.Storage;
using Pbt.Storage.Logs;

namespace Pbt.Dashboard.Views;

/// <summary>Writes what a member's page shows beyond the tables: its metrics and the end of its log.</summary>
internal static class MemberPageJson
{
    /// <summary>Writes the metrics of each interval by name; nothing is read from disk.</summary>
    public static void WriteMetrics(Utf8JsonWriter writer, MemberState member)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var record in member.History)
            names.UnionWith(record.Metrics.Keys);

        writer.WriteStartArray("metrics");
        foreach (var name in names)
        {
            writer.WriteStartObject();
            writer.WriteString("name", name);
            writer.WriteStartArray("values");
            foreach (var record in member.History)
            {
                if (record.Metrics.TryGetValue(name, out var value) && double.IsFinite(value))
                    writer.WriteNumberValue(value);
                else
                    writer.WriteNullValue();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes the end of an attempt's log: at most 64 KiB, whole lines.</summary>
    /// <param name="writer">Where.</param>
    /// <param name="directory">The study's directory.</param>
    /// <param name="attempt">The attempt, named as the checkpoint that it was to produce; null if there is none yet.</param>
    public static void WriteLog(Utf8JsonWriter writer, StudyDirectory directory, CheckpointId? attempt)
    {
        if (attempt is not { } known)
        {
            writer.WriteNull("log");
            return;
        }

        var path = directory.LogOf(known);
        writer.WriteStartObject("log");
        writer.WriteString("path", path);
        writer.WriteNumber("interval", known.Interval);
        writer.WriteString("attempt", known.Attempt.Value.ToString(CultureInfo.InvariantCulture));
        writer.WriteString("tail", Words.Harmless(LogTail.Lines(path)));
        writer.WriteEndObject();
    }
}
