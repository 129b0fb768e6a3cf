using System.Text.Json;
using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Runtime;
using Pbt.Runtime.Leases;

namespace Pbt.Cli.Output;

/// <summary>What <c>pbt status --json</c> prints.</summary>
internal static class StatusJson
{
    /// <summary>Writes the study's state.</summary>
    public static void Write(Utf8JsonWriter writer, OpenStudy study, StudyState state, DateTimeOffset now)
    {
        writer.WriteStartObject();
        writer.WriteString("study", state.Spec.Name);
        writer.WriteString("state", Words.Lower(state.Phase));
        writer.WriteString("reason", state.EndReason);
        writer.WriteNumber("population", state.Spec.Population);
        writer.WriteCountOrNull("candidates", state.Spec.Initial.Candidates);
        writer.WriteString("mode", Words.Lower(state.Spec.Mode));
        writer.WriteString("metric", state.Spec.Objective.Metric);
        writer.WriteString("goal", Words.Lower(state.Spec.Objective.Goal));
        Ancestry.WriteParent(writer, state.Spec);
        Ancestry.WriteForks(writer, state, member: null);
        writer.WriteNumber("journal_version", state.Version);
        writer.WriteString("created", state.Created);
        writer.WriteString("updated", state.LastTime);
        writer.WriteNumber("total_steps", state.TotalSteps);
        writer.WriteNumber("active_seconds", Math.Round(state.ActiveTimeAt(now).TotalSeconds, 3));
        WriteIntervals(writer, state);
        WriteBest(writer, study, state);
        writer.WriteStartArray("members");
        foreach (var member in state.Members)
            WriteMember(writer, study, state.Spec, member);

        writer.WriteEndArray();
        WriteDamage(writer, state);
        WriteWorkers(writer, state);
        writer.WriteString("outcome_digest", OutcomeDigest.Of(state));
        writer.WriteEndObject();
    }

    /// <summary>Writes a member as an object; it has a <c>sub_population</c> where the exploit makes such.</summary>
    public static void WriteMember(Utf8JsonWriter writer, OpenStudy study, StudySpec spec, MemberState member)
    {
        writer.WriteStartObject();
        writer.WriteNumber("id", member.Id.Value);
        if (SubPopulations.Of(spec, member.Id) is { } group)
            writer.WriteString("sub_population", group.Name);

        writer.WriteNumber("intervals", member.Intervals);
        writer.WriteNumberOrNull("score", member.Latest?.Score);
        writer.WriteNumberOrNull("smoothed", member.Latest?.Smoothed);
        writer.WriteString("state", Words.Lower(member.Phase));
        writer.WriteMember("donor", member.LastDonor);
        writer.WriteHyperparameters(member.Hyperparameters);
        writer.WriteString("checkpoint", member.Start is { } start ? study.Checkpoints.Locate(start) : null);
        writer.WriteNumber("failures", member.Failures.Total);
        writer.WriteString("last_failure", member.LastFailure);
        writer.WriteCountOrNull("attempt", member.Running?.Id.Value);
        writer.WriteString("worker", member.Running?.Worker.Value);
        writer.WriteEndObject();
    }

    /// <summary>Whether a worker that the log counts as alive is: on this host its process tells, elsewhere the log is believed.</summary>
    public static bool IsAlive(WorkerState worker) => !WorkerWatch.HasVanished(worker);

    private static void WriteIntervals(Utf8JsonWriter writer, StudyState state)
    {
        writer.WriteStartObject("intervals");
        writer.WriteNumber("completed", state.CompletedIntervals);
        writer.WriteNumber("failed", state.FailedIntervals);
        writer.WriteNumber("running", state.Attempts.Count);
        writer.WriteCountOrNull("budget", StudyProgress.BudgetOf(state.Spec));
        writer.WriteEndObject();
    }

    private static void WriteDamage(Utf8JsonWriter writer, StudyState state)
    {
        writer.WriteStartArray("damaged_checkpoints");
        foreach (var (checkpoint, reason) in state.DamagedCheckpoints.OrderBy(static d => d.Key.Attempt))
        {
            writer.WriteStartObject();
            writer.WriteString("id", checkpoint.ToString());
            writer.WriteString("reason", reason);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteBest(Utf8JsonWriter writer, OpenStudy study, StudyState state)
    {
        if (state.Best is not { } best)
        {
            writer.WriteNull("best");
            return;
        }

        writer.WriteStartObject("best");
        BestJson.WriteFields(writer, study, best);
        writer.WriteEndObject();
    }

    private static void WriteWorkers(Utf8JsonWriter writer, StudyState state)
    {
        writer.WriteStartArray("workers");
        foreach (var worker in state.Workers)
        {
            writer.WriteStartObject();
            writer.WriteString("id", worker.Id.Value);
            writer.WriteString("host", worker.Host);
            writer.WriteNumber("pid", worker.Pid);
            writer.WriteNumber("slots", worker.Slots);
            writer.WriteBoolean("alive", IsAlive(worker));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
