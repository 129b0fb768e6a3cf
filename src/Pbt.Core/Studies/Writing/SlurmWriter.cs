using System.Text.Json;

namespace Pbt.Core.Studies.Writing;

/// <summary>Writes what a <c>backend</c> of the kind slurm says.</summary>
internal static class SlurmWriter
{
    /// <summary>Writes its keys, without those that leave something to the cluster.</summary>
    public static void Write(Utf8JsonWriter json, SlurmBackendSpec slurm)
    {
        json.WriteOptional("partition", slurm.Partition);
        json.WriteOptional("account", slurm.Account);
        json.WriteOptional("qos", slurm.Qos);
        json.WriteOptional("time", slurm.Time);
        json.WriteOptional("nodes", slurm.Nodes);
        json.WriteOptional("cpus_per_worker", slurm.CpusPerWorker);
        json.WriteOptional("memory", slurm.Memory);
        json.WriteOptional("gpus", slurm.Gpus);
        json.WriteTexts("gres", slurm.Gres);
        json.WriteOptional("constraint", slurm.Constraint);
        json.WriteTexts("directives", slurm.Directives);
        json.WriteTexts("setup", slurm.Setup);
        json.WriteOptional("template", slurm.Template);
        json.WriteOptional("throttle", slurm.Throttle);
        json.WriteOptional("signal_ahead", slurm.SignalAhead);
        json.WriteBoolean("requeue", slurm.Requeue);
    }
}
