using System.Text.Json;
using Pbt.Cli.Output;

namespace Pbt.Cli.Sweeps;

/// <summary>A sweep for programs.</summary>
internal static class SweepJson
{
    /// <summary>Writes the sweep, its runs and, once there are any, what they came to.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="plan">The sweep.</param>
    /// <param name="standing">Its runs.</param>
    /// <param name="atOnce">How many go on at a time.</param>
    /// <param name="report">What they came to; null for a preview.</param>
    public static void Write(Utf8JsonWriter writer, SweepPlan plan, IReadOnlyList<StandingRun> standing, int atOnce, SweepReport? report)
    {
        writer.WriteStartObject();
        writer.WriteString("sweep", plan.Sweep.Name);
        writer.WriteString("directory", plan.Directory);
        writer.WriteNumber("at_once", atOnce);
        writer.WriteStartArray("runs");
        foreach (var run in standing)
            WriteRun(writer, run);

        writer.WriteEndArray();
        writer.WriteStartArray("notes");
        foreach (var note in SweepText.Strangers(plan).Concat(report is null ? [] : report.Left))
            writer.WriteStringValue(note);

        writer.WriteEndArray();
        if (report is not null)
            WriteReport(writer, report);

        writer.WriteEndObject();
    }

    private static void WriteRun(Utf8JsonWriter writer, StandingRun standing)
    {
        var (run, state) = standing;
        writer.WriteStartObject();
        writer.WriteString("study", run.Study.Name);
        writer.WriteNumber("seed", run.Seed);
        writer.WriteString("directory", run.Place.Root);
        writer.WriteString("log", run.LogPath);
        writer.WriteNumber("population", run.Spec.Population);
        writer.WriteCountOrNull("intervals", run.Spec.Budget.Intervals);
        writer.WriteStartObject("values");
        foreach (var (key, value) in run.Study.Settings)
            writer.WriteString(key, value);

        writer.WriteEndObject();
        writer.WriteString("state", state.Word);
        writer.WriteString("reason", (state as RunState.Failed)?.Reason);
        writer.WriteEndObject();
    }

    private static void WriteReport(Utf8JsonWriter writer, SweepReport report)
    {
        writer.WriteStartArray("comparisons");
        foreach (var comparison in report.Comparisons)
            ComparisonJson.Write(writer, comparison, curve: false);

        writer.WriteEndArray();
        writer.WriteStartArray("best");
        foreach (var (study, run, directory) in report.Best)
        {
            writer.WriteStartObject();
            writer.WriteString("study", study.Study.Name);
            writer.WriteNumber("seed", run.Seed);
            writer.WriteNumber("final", run.Final);
            writer.WriteNumber("best", run.Best);
            writer.WriteString("directory", directory);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
