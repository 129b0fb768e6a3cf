using System.Globalization;
using Pbt.Core.Population;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;
using Pbt.Runtime;
using Pbt.Storage.Logs;

namespace Pbt.Cli.Output;

/// <summary>What <c>pbt show</c> prints for people.</summary>
internal sealed class MemberText(TextWriter output, TimeProvider time, int width)
{
    /// <summary>Writes the member's history.</summary>
    public void Write(OpenStudy study, MemberHistory history)
    {
        WriteNow(history);
        WriteIntervals(history);
        if (history.Interval is not null)
            WriteMeasurements(history.Intervals);

        WriteAttempts(history);
        if (history.LogIn(study.Directory) is { } log)
            WriteLog(log);
    }

    private void WriteNow(MemberHistory history)
    {
        var member = history.Member;
        StudyText.Field(output, member.Id.ToString(), Now(member), width);
        if (SubPopulations.Of(history.State.Spec, member.Id) is { } group)
            StudyText.Field(output, "group", group.Name, width);

        StudyText.Field(output, "now", Words.Values(member.Hyperparameters), width);
        var start = member.Start is { } held ? $"the weights of {held.Member} at interval {held.Interval}" : "no weights of the study's";
        if (member.Phase != MemberPhase.Retired)
            StudyText.Field(output, "from", start, width);

        if (Ancestry.Beginning(history.State.Spec, member.Id) is { } beginning)
            StudyText.Field(output, "began with", beginning, width);

        if (Ancestry.Parent(history.State.Spec) is { } parent)
            StudyText.Field(output, "forked", $"from {parent}", width);

        Ancestry.WriteForks(output, history.State, member.Id, width);
        if (member.Failures.Total > 0 && member.LastFailure is { } failure)
            StudyText.Field(output, "failed", $"{Words.Count(member.Failures.Total, "time")}, the last with: {Words.OneLine(failure)}", width);
    }

    private string Now(MemberState member) => member.Running is { } running
        ? $"is running interval {running.Interval} since {ClockTime.DateAndTime(running.Started, time)}: attempt {running.Id} at worker {Words.OneLine(running.Worker.Value)}"
        : $"is {Words.Lower(member.Phase)} after {Words.Count(member.Intervals, "interval")}";

    private void WriteIntervals(MemberHistory history)
    {
        if (history.Intervals.Count == 0)
            return;

        var smooths = history.State.Spec.Objective.Smoothing is not Core.Studies.NoSmoothing;
        var table = new TextTable(
            new Column("interval", IsNumber: true), new Column(smooths ? "score (smoothed)" : "score", IsNumber: true), new Column("steps", IsNumber: true), new Column("time", IsNumber: true),
            new Column("from"), new Column("hyperparameters"));
        Hyperparameters? before = null;
        foreach (var record in history.Intervals)
        {
            table.Add(
                record.Interval.ToString(CultureInfo.InvariantCulture),
                record.Score is null ? "failed" : Words.Score(record),
                record.Steps.ToString(CultureInfo.InvariantCulture),
                Words.Seconds(record.Seconds),
                record.Start is { } start ? $"{start.Member} {start.Interval}" : "-",
                before is null ? Words.Values(record.Hyperparameters) : Words.Changes(before, record.Hyperparameters));
            before = record.Hyperparameters;
        }

        output.WriteLine();
        table.WriteTo(output, width);
    }

    private void WriteMeasurements(IReadOnlyList<IntervalRecord> records)
    {
        foreach (var record in records)
        {
            output.WriteLine();
            if (record.Samples.Length > 0)
                StudyText.Field(output, "samples", string.Join(' ', record.Samples.Select(static s => Words.Score(s))), width);

            foreach (var (name, value) in record.Metrics)
                StudyText.Field(output, "metric", $"{Words.OneLine(name)} = {Words.Score(value)}", width);

            StudyText.Field(output, "ended", ClockTime.DateAndTime(record.Time, time), width);
        }
    }

    private void WriteAttempts(MemberHistory history)
    {
        var shown = history.Attempts.Where(a => history.Interval is not null || a.Outcome is not "completed").ToList();
        if (shown.Count == 0)
            return;

        var table = new TextTable(new Column("attempt"), new Column("interval", IsNumber: true), new Column("worker"), new Column("began"), new Column("outcome"));
        foreach (var attempt in shown)
        {
            table.Add(
                attempt.Id.ToString(), attempt.Interval.ToString(CultureInfo.InvariantCulture), Words.Fit(Words.OneLine(attempt.Worker.Value), 20),
                ClockTime.TimeOfDay(attempt.Started, time), attempt.Reason is { } reason ? $"{attempt.Outcome}: {Words.OneLine(reason)}" : attempt.Outcome);
        }

        output.WriteLine();
        output.WriteLine(history.Interval is null ? "attempts that did not complete" : "attempts");
        table.WriteTo(output, width);
    }

    private void WriteLog(string path)
    {
        output.WriteLine();
        output.WriteLine($"log {path}");
        if (LogTail.Shown(path) is not { } tail)
        {
            output.WriteLine("  (empty)");
            return;
        }

        foreach (var line in tail.Split('\n'))
            output.WriteLine($"  {Words.Harmless(line)}");
    }
}
