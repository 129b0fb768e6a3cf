using System.Collections.Immutable;
using System.Text.Json;

namespace Pbt.Core.Studies.Writing;

/// <summary>Writes what a <c>backend</c> of the kind slurm says.</summary>
internal static class SlurmWriter
{
    /// <summary>Writes its keys, without those that leave something to the cluster.</summary>
    public static void Write(Utf8JsonWriter json, SlurmBackendSpec slurm)
    {
        WriteText(json, "partition", slurm.Partition);
        WriteText(json, "account", slurm.Account);
        WriteText(json, "qos", slurm.Qos);
        json.WriteOptional("time", slurm.Time);
        json.WriteOptional("nodes", slurm.Nodes);
        json.WriteOptional("cpus_per_worker", slurm.CpusPerWorker);
        WriteText(json, "memory", slurm.Memory);
        WriteText(json, "gpus", slurm.Gpus);
        WriteLines(json, "gres", slurm.Gres);
        WriteText(json, "constraint", slurm.Constraint);
        WriteLines(json, "directives", slurm.Directives);
        WriteLines(json, "setup", slurm.Setup);
        WriteText(json, "template", slurm.Template);
        json.WriteOptional("throttle", slurm.Throttle);
        json.WriteOptional("signal_ahead", slurm.SignalAhead);
        json.WriteBoolean("requeue", slurm.Requeue);
    }

    private static void WriteText(Utf8JsonWriter json, string key, string? value)
    {
        if (value is not null)
            json.WriteString(key, value);
    }

    private static void WriteLines(Utf8JsonWriter json, string key, ImmutableArray<string> lines)
    {
        if (lines.Length == 0)
            return;

        json.WriteStartArray(key);
        foreach (var line in lines)
            json.WriteStringValue(line);

        json.WriteEndArray();
    }
}
