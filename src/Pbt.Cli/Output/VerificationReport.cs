using System.Text.Json;
using Pbt.Core.Scheduling;

namespace Pbt.Cli.Output;

/// <summary>What <c>pbt verify</c> found, for people and for programs.</summary>
/// <param name="Verification">The recomputed decisions.</param>
/// <param name="Checkpoints">The checked checkpoints, or null if they were not to be checked.</param>
internal sealed record VerificationReport(Verification Verification, CheckpointAudit? Checkpoints)
{
    private const int MostShown = 20;

    /// <summary>Damage weighs more than a difference.</summary>
    public int ExitCode => Checkpoints is { Bad.Count: > 0 } ? Cli.ExitCode.Damaged
        : Verification.Result.Differences.Count > 0 ? Cli.ExitCode.StudyFailed
        : Cli.ExitCode.Done;

    /// <summary>Writes what differs, what is damaged, and a last line with the counts.</summary>
    public void WriteText(TextWriter output)
    {
        var result = Verification.Result;
        foreach (var difference in result.Differences.Take(MostShown))
        {
            output.WriteLine($"event {difference.Version}");
            output.WriteLine($"  recorded:   {Words.OneLine(difference.Recorded)}");
            output.WriteLine($"  recomputed: {Words.OneLine(difference.Recomputed)}");
        }

        WriteMore(output, result.Differences.Count);
        foreach (var bad in Checkpoints?.Bad.Take(MostShown) ?? [])
        {
            output.WriteLine($"checkpoint {bad.Id} is {(bad.IsMissing ? "missing" : "damaged")}");
            output.WriteLine($"  what:       {Words.OneLine(bad.Reason)}");
            output.WriteLine($"  needed for: {bad.NeededFor}");
        }

        WriteMore(output, Checkpoints?.Bad.Count ?? 0);
        var decisions = $"{result.Decisions} decisions recomputed, {result.Differences.Count} differ";
        output.WriteLine(Checkpoints is null ? decisions : $"{decisions}; {Words.Count(Checkpoints.Checked, "checkpoint")} checked, {Checkpoints.Bad.Count} damaged");
    }

    /// <summary>Writes all of it as one object.</summary>
    public void WriteJson(TextWriter output) => JsonOutput.Write(output, writer =>
    {
        var result = Verification.Result;
        writer.WriteStartObject();
        writer.WriteString("study", Verification.State.Spec.Name);
        writer.WriteNumber("journal_version", Verification.State.Version);
        writer.WriteNumber("decisions", result.Decisions);
        writer.WriteNumber("differ", result.Differences.Count);
        writer.WriteStartArray("differences");
        foreach (var difference in result.Differences)
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", difference.Version);
            writer.WriteString("recorded", difference.Recorded);
            writer.WriteString("recomputed", difference.Recomputed);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        WriteCheckpoints(writer);
        writer.WriteEndObject();
    });

    private static void WriteMore(TextWriter output, int found)
    {
        if (found > MostShown)
            output.WriteLine($"… and {found - MostShown} more");
    }

    private void WriteCheckpoints(Utf8JsonWriter writer)
    {
        writer.WriteCountOrNull("checkpoints", Checkpoints?.Checked);
        writer.WriteCountOrNull("damaged", Checkpoints?.Bad.Count);
        writer.WriteStartArray("damaged_checkpoints");
        foreach (var bad in Checkpoints?.Bad ?? [])
        {
            writer.WriteStartObject();
            writer.WriteString("id", bad.Id.ToString());
            writer.WriteBoolean("missing", bad.IsMissing);
            writer.WriteString("reason", bad.Reason);
            writer.WriteString("needed_for", bad.NeededFor);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
