using System.Collections.Frozen;

namespace Pbt.Backends.Slurm;

/// <summary>Which variables of this process Slurm's programs see, and so workers.</summary>
/// <remarks>
/// Pure. Those by which a user sets other defaults for squeue would hide jobs of the study; those of the job that pbt itself may run
/// in, and its GPUs, are not the workers'.
/// </remarks>
public static class SlurmEnvironment
{
    private static readonly FrozenSet<string> Kept = FrozenSet.Create(StringComparer.Ordinal, "SLURM_CONF", "SLURM_CLUSTERS", "SLURM_CONF_SERVER", "SLURM_JWT");

    // What the study's jobs are found by, and told of their end.
    private static readonly FrozenSet<string> Overriding = FrozenSet.Create(
        StringComparer.Ordinal, "SBATCH_JOB_NAME", "SBATCH_ARRAY_INX", "SBATCH_SIGNAL", "SBATCH_REQUEUE", "SBATCH_NO_REQUEUE", "SBATCH_OPEN_MODE", "SBATCH_WAIT");

    /// <summary>Whether they see this one.</summary>
    public static bool IsPassedOn(string variable) =>
        Kept.Contains(variable)
        || !(variable.StartsWith("SLURM", StringComparison.Ordinal) || variable.StartsWith("SQUEUE_", StringComparison.Ordinal) || variable.StartsWith("SACCT_", StringComparison.Ordinal)
            || variable.StartsWith("SCANCEL_", StringComparison.Ordinal) || variable is "CUDA_VISIBLE_DEVICES" || Overriding.Contains(variable));
}
