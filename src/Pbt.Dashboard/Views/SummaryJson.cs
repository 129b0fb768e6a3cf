using System.Text.Json;
using Pbt.Core.Population;
using Pbt.Core.Wording;

namespace Pbt.Dashboard.Views;

/// <summary>Writes how a study stands, in a few figures.</summary>
internal static class SummaryJson
{
    /// <summary>Writes the fields into an object.</summary>
    /// <param name="writer">Where.</param>
    /// <param name="view">The study; it exists.</param>
    /// <param name="now">The clock, for time left and the time active.</param>
    /// <param name="isAlive">Whether a worker that the log counts as alive is.</param>
    public static void WriteFields(Utf8JsonWriter writer, StudyView view, DateTimeOffset now, Func<WorkerState, bool> isAlive)
    {
        var state = view.State;
        var progress = StudyProgress.Of(state, now);
        var alive = state.Workers.Where(isAlive).ToList();
        writer.WriteString("name", state.Spec.Name);
        writer.WriteString("state", Words.Lower(state.Phase));
        writer.WriteString("reason", state.EndReason is { } reason ? Words.OneLine(reason) : null);
        writer.WriteString("metric", state.Spec.Objective.Metric);
        writer.WriteString("goal", Words.Lower(state.Spec.Objective.Goal));
        writer.WriteNumber("population", state.Spec.Population);
        writer.WriteString("created", state.Created);
        writer.WriteString("updated", state.LastTime);
        writer.WriteNumber("active_seconds", Math.Round(progress.Active.TotalSeconds, 3));
        Optional(writer, "left_seconds", progress.Left?.TotalSeconds);
        Optional(writer, "fraction", progress.Fraction);
        Optional(writer, "budget", progress.Budget);
        writer.WriteNumber("completed", state.CompletedIntervals);
        writer.WriteNumber("failed", state.FailedIntervals);
        writer.WriteNumber("running", state.Attempts.Count);
        writer.WriteNumber("total_steps", state.TotalSteps);
        writer.WriteNumber("exploits", view.Exploits);
        writer.WriteNumber("rescues", view.Rescues);
        writer.WriteNumber("workers", alive.Count);
        writer.WriteNumber("slots", alive.Sum(static w => (long)w.Slots));
        writer.WriteStartArray("vanished");
        foreach (var worker in state.Workers.Except(alive))
            writer.WriteNumberValue(view.Workers.RowOf(worker.Id));

        writer.WriteEndArray();
        WriteBest(writer, view);
    }

    private static void WriteBest(Utf8JsonWriter writer, StudyView view)
    {
        if (view.State.Best is not { } best)
        {
            writer.WriteNull("best");
            return;
        }

        writer.WriteStartObject("best");
        writer.WriteNumber("member", best.Member.Value);
        writer.WriteNumber("interval", best.Record.Interval);
        writer.WriteNumber("score", best.Record.Score!.Value);
        Optional(writer, "smoothed", best.Record.Smoothed);
        writer.WriteNumber("row", view.Intervals.RowOf(best.Record.Checkpoint));
        writer.WriteEndObject();
    }

    private static void Optional(Utf8JsonWriter writer, string name, double? number)
    {
        if (number is { } known)
            writer.WriteNumber(name, known);
        else
            writer.WriteNull(name);
    }
}
