using System.Text.Json;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Storage;
using Pbt.Storage.Checkpoints;
using Pbt.Storage.Journal;

namespace Pbt.Cli.Output;

/// <summary>What a repair of a journal cuts, or would.</summary>
internal sealed record RepairReport
{
    private const int MostShown = 20;

    /// <summary>What is wrong with the journal.</summary>
    public required JournalDiagnosis Diagnosis { get; init; }

    /// <summary>The journal.</summary>
    public required string Journal { get; init; }

    /// <summary>The copy of the damaged journal, or null while nothing was repaired.</summary>
    public string? Copy { get; init; }

    /// <summary>The number of the next attempt after it.</summary>
    public required AttemptId NextAttempt { get; init; }

    /// <summary>Published checkpoints that what is kept does not know of.</summary>
    public required IReadOnlyList<CheckpointId> Unreferenced { get; init; }

    /// <summary>Members that, as what is kept has it, start from a checkpoint that is not there any more.</summary>
    public required IReadOnlyList<(MemberId Member, CheckpointId Start)> Bereft { get; init; }

    /// <summary>Gathers what is to be said.</summary>
    public static async Task<RepairReport> MakeAsync(
        StudyDirectory study, JournalDiagnosis diagnosis, IReadOnlyList<StoredCheckpoint> stored, ICheckpointStore checkpoints, CancellationToken cancellationToken)
    {
        var bereft = new List<(MemberId, CheckpointId)>();
        foreach (var member in diagnosis.State.Members)
        {
            if (member.Start is { } start && !Recovery.IsDue(diagnosis.State, member)
                && await checkpoints.VerifyAsync(start, CheckpointCheck.Sizes, cancellationToken) is not FetchResult.Fetched)
            {
                bereft.Add((member.Id, start));
            }
        }

        return new RepairReport
        {
            Diagnosis = diagnosis,
            Journal = study.Journal,
            NextAttempt = new AttemptId(Math.Max(diagnosis.HighestAttempt.Value, AttemptTraces.Highest(study, stored).Value) + 1),
            Unreferenced = [.. stored.Where(found => found.IsPublished && diagnosis.State.Find(found.Id) is null).Select(static found => found.Id)],
            Bereft = bereft,
        };
    }

    /// <summary>Writes it for people.</summary>
    public void WriteText(TextWriter output)
    {
        if (Diagnosis.Condition != JournalCondition.Damaged)
        {
            output.WriteLine(Diagnosis.Condition == JournalCondition.Intact
                ? $"{Journal} is intact: {Words.Count(Diagnosis.State.Version, "event")}. There is nothing to repair, and nothing was changed."
                : $"{Journal} is intact: {Words.Count(Diagnosis.State.Version, "event")}, and what a crash tore at its end, which the next worker cuts by itself. There is nothing to repair, and nothing was changed.");
            return;
        }

        var would = Copy is null;
        output.WriteLine($"{Journal} is damaged at line {Diagnosis.DamagedLine}, byte {Diagnosis.DamagedOffset}: {Words.OneLine(Diagnosis.What)}");
        output.WriteLine($"{(would ? "would keep" : "kept")}: {Words.Count(Diagnosis.KeptEvents, "event")}, {Diagnosis.KeptBytes} bytes");
        output.WriteLine($"{(would ? "would cut" : "cut")}: all from line {Diagnosis.KeptEvents + 1}, byte {Diagnosis.KeptBytes} on: {Words.Count(Diagnosis.CutLines, "line")}, {Diagnosis.CutBytes} bytes");
        foreach (var (kind, count) in Diagnosis.CutEvents)
            output.WriteLine($"  {count} {kind}");

        if (Diagnosis.UnreadableLines > 0)
            output.WriteLine($"  {Words.Count(Diagnosis.UnreadableLines, "line")} that cannot be read");

        WriteLosses(output, would);
        output.WriteLine(Copy is { } copy
            ? $"the journal as it was is in {copy}; the study goes on with attempt {NextAttempt}: run it again"
            : "nothing was changed; without --dry-run the journal is first copied, whole, to journal.jsonl.damaged-TIME");
    }

    /// <summary>Writes it as one object.</summary>
    public void WriteJson(TextWriter output) => JsonOutput.Write(output, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("journal", Journal);
        writer.WriteString("condition", Words.Lower(Diagnosis.Condition));
        writer.WriteBoolean("repaired", Copy is not null);
        writer.WriteString("copy", Copy);
        writer.WriteNumber("kept_events", Diagnosis.KeptEvents);
        writer.WriteNumber("kept_bytes", Diagnosis.KeptBytes);
        if (Diagnosis.Condition == JournalCondition.Damaged)
            WriteDamage(writer);

        writer.WriteEndObject();
    });

    private void WriteLosses(TextWriter output, bool would)
    {
        var verb = would ? "would lose" : "loses";
        foreach (var member in Diagnosis.LostIntervals.GroupBy(static lost => lost.Member).OrderBy(static group => group.Key))
            output.WriteLine($"{member.Key} {verb} interval{(member.Count() == 1 ? string.Empty : "s")} {string.Join(", ", member.Select(static lost => lost.Interval).Distinct().Order())}");

        if (Diagnosis.LostUnknownIntervals > 0)
            output.WriteLine($"{Words.Count(Diagnosis.LostUnknownIntervals, "interval")} more: whose they were cannot be read");

        foreach (var (first, last) in Diagnosis.IntactLines.Take(MostShown))
            output.WriteLine($"line{(first == last ? $" {first} is" : $"s {first} to {last} are")} intact, but {(would ? "would be" : "were")} cut too: what happened there builds on what is damaged");

        foreach (var (member, start) in Bereft)
            output.WriteLine($"{member}'s checkpoint {start} is not there any more: it will go on from another");

        if (Unreferenced.Count > 0)
            output.WriteLine($"{Words.Count(Unreferenced.Count, "checkpoint")} that nothing refers to then (`pbt gc` deletes them): {string.Join(", ", Unreferenced.Take(MostShown))}{(Unreferenced.Count > MostShown ? ", …" : string.Empty)}");
    }

    private void WriteDamage(Utf8JsonWriter writer)
    {
        writer.WriteNumber("damaged_line", Diagnosis.DamagedLine);
        writer.WriteNumber("damaged_byte", Diagnosis.DamagedOffset);
        writer.WriteString("what", Diagnosis.What);
        writer.WriteNumber("cut_lines", Diagnosis.CutLines);
        writer.WriteNumber("cut_bytes", Diagnosis.CutBytes);
        writer.WriteNumber("unreadable_lines", Diagnosis.UnreadableLines);
        writer.WriteStartObject("cut_events");
        foreach (var (kind, count) in Diagnosis.CutEvents)
            writer.WriteNumber(kind, count);

        writer.WriteEndObject();
        writer.WriteStartArray("lost_intervals");
        foreach (var lost in Diagnosis.LostIntervals)
        {
            writer.WriteStartObject();
            writer.WriteNumber("member", lost.Member.Value);
            writer.WriteNumber("interval", lost.Interval);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("intact_lines");
        foreach (var (first, last) in Diagnosis.IntactLines)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(first);
            writer.WriteNumberValue(last);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        WriteIds(writer, "unreferenced_checkpoints", Unreferenced);
        WriteIds(writer, "missing_checkpoints", Bereft.Select(static b => b.Start));
        writer.WriteNumber("next_attempt", NextAttempt.Value);
    }

    private static void WriteIds(Utf8JsonWriter writer, string name, IEnumerable<CheckpointId> ids)
    {
        writer.WriteStartArray(name);
        foreach (var id in ids)
            writer.WriteStringValue(id.ToString());

        writer.WriteEndArray();
    }
}
