using System.Text.Json;
using Pbt.Core.Population;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;
using Pbt.Core.Wording;

namespace Pbt.Dashboard.Views;

/// <summary>Writes what is new in a study since a version; since version 0 that is all of it.</summary>
/// <remarks>
/// Tables are written by column. A column is an array, or the one value that all its new rows have. Scores and hyperparameters
/// are exact.
/// </remarks>
internal static class ChangeJson
{
    /// <summary>Writes the change as an object.</summary>
    public static void Write(Utf8JsonWriter writer, StudyView view, long after)
    {
        var state = view.State;
        writer.WriteStartObject();
        writer.WriteNumber("after", after);
        writer.WriteNumber("version", state.Version);
        writer.WriteNumber("origin", view.Origin.ToUnixTimeMilliseconds());
        if (state.Exists && state.SpecVersion > after)
            SpecJson.Write(writer, state);

        WriteMembers(writer, view, after);
        WriteWorkers(writer, view, after);
        WriteSets(writer, view, after);
        WriteIntervals(writer, view, after);
        WriteUnfinished(writer, view, after);
        WriteNews(writer, view, after);
        writer.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter writer, StudyView view, long after)
    {
        writer.WriteStartArray("members");
        foreach (var member in view.State.Members)
        {
            if (view.ChangedAt(member.Id.Value) > after)
                WriteMember(writer, view, member);
        }

        writer.WriteEndArray();
    }

    private static void WriteMember(Utf8JsonWriter writer, StudyView view, MemberState member)
    {
        var index = member.Id.Value;
        writer.WriteStartObject();
        writer.WriteNumber("id", index);
        writer.WriteString("state", Words.Lower(member.Phase));
        writer.WriteNumber("set", view.Sets.Of(index));
        writer.WriteNumber("donor", member.LastDonor?.Value ?? -1);
        writer.WriteNumber("start", view.Intervals.RowOf(member.Start));
        writer.WriteBoolean("damaged", view.State.IsDamaged(member.Start));
        writer.WriteNumber("base", view.State.Spec.StartStepsOf(index));
        writer.WriteNumber("failures", member.Failures.Total);
        writer.WriteString("failure", member.LastFailure is { } failure ? Words.OneLine(failure) : null);
        if (SubPopulations.Of(view.State.Spec, member.Id) is { } group)
            writer.WriteString("group", group.Name);

        if (view.Attempts.LastOf(index) is { } last)
            writer.WriteNumber("attempt", last.Attempt.Value);

        if (member.Running is { } running)
        {
            writer.WriteNumber("worker", view.Workers.RowOf(running.Worker));
            writer.WriteNumber("since", view.Since(running.Started));
        }

        writer.WriteEndObject();
    }

    private static void WriteWorkers(Utf8JsonWriter writer, StudyView view, long after)
    {
        writer.WriteStartArray("workers");
        for (var row = 0; row < view.Workers.Rows.Count; row++)
        {
            var worker = view.Workers.Rows[row];
            if (worker.Version <= after)
                continue;

            writer.WriteStartObject();
            writer.WriteNumber("row", row);
            writer.WriteString("name", worker.State.Id.Value);
            writer.WriteString("host", Words.OneLine(worker.State.Host));
            writer.WriteNumber("pid", worker.State.Pid);
            writer.WriteNumber("slots", worker.State.Slots);
            writer.WriteNumber("joined", worker.Joined);
            if (worker.Ended is { } ended)
                writer.WriteNumber("ended", ended);

            if (worker.Loss is { } loss)
                writer.WriteString("loss", Words.OneLine(loss));

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteSets(Utf8JsonWriter writer, StudyView view, long after)
    {
        var first = view.Sets.FirstAfter(after);
        var sets = view.Sets.Sets;
        writer.WriteStartObject("sets");
        writer.WriteNumber("first", first);
        writer.WriteNumber("count", sets.Count - first);
        writer.WriteStartArray("values");
        for (var i = 0; sets.Count > first && i < sets[first].Values.Count; i++)
        {
            writer.WriteStartArray();
            for (var row = first; row < sets.Count; row++)
                WriteValue(writer, sets[row].Values[i].Value);

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Writes a value as the page computes with it: a number, a text, true or false.</summary>
    private static void WriteValue(Utf8JsonWriter writer, HyperparameterValue value)
    {
        switch (value.Kind)
        {
            case HyperparameterValueKind.Float:
                writer.WriteNumberValue(value.Number);
                break;
            default:
                HyperparametersJson.Write(writer, value);
                break;
        }
    }

    private static void WriteIntervals(Utf8JsonWriter writer, StudyView view, long after)
    {
        var first = view.Intervals.FirstAfter(after);
        var rows = view.Intervals.Rows;
        writer.WriteStartObject("intervals");
        writer.WriteNumber("first", first);
        writer.WriteNumber("count", rows.Count - first);
        Column(writer, "member", rows, first, static row => row.Member);
        Column(writer, "kind", rows, first, static row => (int)row.Kind);
        Numbers(writer, "score", rows, first, static row => row.Score);
        Numbers(writer, "smoothed", rows, first, static row => row.Smoothed);
        Column(writer, "parent", rows, first, static row => row.Parent);
        Column(writer, "donor", rows, first, static row => row.Donor);
        Column(writer, "set", rows, first, static row => row.Set);
        Column(writer, "steps", rows, first, static row => row.Steps);
        Column(writer, "worker", rows, first, static row => row.Worker);
        Column(writer, "end", rows, first, static row => row.End);
        Column(writer, "duration", rows, first, static row => row.Duration);
        writer.WriteEndObject();
    }

    private static void WriteUnfinished(Utf8JsonWriter writer, StudyView view, long after)
    {
        var attempts = view.Attempts.Unfinished;
        writer.WriteStartArray("unfinished");
        for (var i = view.Attempts.FirstAfter(after); i < attempts.Count; i++)
        {
            var attempt = attempts[i];
            writer.WriteStartObject();
            writer.WriteNumber("attempt", attempt.Attempt.Value);
            writer.WriteNumber("member", attempt.Member);
            writer.WriteNumber("interval", attempt.Interval);
            writer.WriteNumber("worker", attempt.Worker);
            writer.WriteNumber("start", attempt.Start);
            writer.WriteNumber("end", attempt.End);
            writer.WriteString("outcome", attempt.Outcome);
            writer.WriteString("reason", Words.Fit(Words.OneLine(attempt.Reason), 500));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteNews(Utf8JsonWriter writer, StudyView view, long after)
    {
        writer.WriteNumber("said", view.News.Count);
        writer.WriteStartArray("news");
        foreach (var (version, news) in view.News.After(after))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", version);
            writer.WriteNumber("time", view.Since(news.Time));
            writer.WriteString("kind", Words.Lower(news.Kind));
            writer.WriteString("text", news.Text);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Column(Utf8JsonWriter writer, string name, IReadOnlyList<IntervalRow> rows, int first, Func<IntervalRow, long> valueOf)
    {
        var isConstant = true;
        for (var i = first + 1; i < rows.Count && isConstant; i++)
            isConstant = valueOf(rows[i]) == valueOf(rows[first]);

        if (isConstant)
        {
            writer.WriteNumber(name, first < rows.Count ? valueOf(rows[first]) : 0);
            return;
        }

        writer.WriteStartArray(name);
        for (var i = first; i < rows.Count; i++)
            writer.WriteNumberValue(valueOf(rows[i]));

        writer.WriteEndArray();
    }

    /// <summary>Numbers that may be missing: NaN is null.</summary>
    private static void Numbers(Utf8JsonWriter writer, string name, IReadOnlyList<IntervalRow> rows, int first, Func<IntervalRow, double> valueOf)
    {
        var isMissing = true;
        for (var i = first; i < rows.Count && isMissing; i++)
            isMissing = double.IsNaN(valueOf(rows[i]));

        if (isMissing)
        {
            writer.WriteNull(name);
            return;
        }

        writer.WriteStartArray(name);
        for (var i = first; i < rows.Count; i++)
        {
            var value = valueOf(rows[i]);
            if (double.IsNaN(value))
                writer.WriteNullValue();
            else
                writer.WriteNumberValue(value);
        }

        writer.WriteEndArray();
    }
}
