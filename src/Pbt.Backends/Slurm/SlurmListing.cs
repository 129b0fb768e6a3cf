using System.Collections.Immutable;
using System.Globalization;
using Pbt.Backends.Jobs;

namespace Pbt.Backends.Slurm;

/// <summary>Reads what Slurm's programs say of jobs.</summary>
/// <remarks>Pure. Only what the oldest and the newest Slurm say alike is relied on.</remarks>
public static class SlurmListing
{
    /// <summary>What squeue is asked for: the job, its number in the array, its state and the reason for that.</summary>
    public const string Format = "%i|%K|%T|%r";

    /// <summary>What sacct is asked for.</summary>
    public const string AccountingFields = "JobID,State";

    private static readonly ImmutableHashSet<string> Waiting = ["PENDING", "CONFIGURING", "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "RESV_DEL_HOLD", "SPECIAL_EXIT"];

    private static readonly ImmutableHashSet<string> Failed = [
        "BOOT_FAIL", "CANCELLED", "DEADLINE", "FAILED", "LAUNCH_FAILED", "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED", "RECONFIG_FAIL", "REVOKED", "TIMEOUT"];

    /// <summary>The jobs that squeue lists in <see cref="Format"/>.</summary>
    public static IReadOnlyList<Job> Jobs(string listed) =>
        [.. Lines(listed).Select(static line => line.Split('|', 4)).Where(static fields => fields.Length == 4).Select(static f => Of(f[0], f[1], f[2], f[3]))];

    /// <summary>The jobs of an array that sbatch has taken.</summary>
    /// <param name="printed">What <c>sbatch --parsable</c> printed: the id, and the cluster's name where there are several.</param>
    /// <param name="tasks">The numbers in the array.</param>
    public static IReadOnlyList<Job> Submitted(string printed, IReadOnlyList<int> tasks)
    {
        var id = printed.Trim().Split(';')[0];
        return id.Length == 0 || !id.All(char.IsAsciiDigit)
            ? []
            : [.. tasks.Select(static task => task.ToString(CultureInfo.InvariantCulture)).Select(task => Of($"{id}_{task}", task, "PENDING", string.Empty))];
    }

    /// <summary>The jobs that sacct lists in <see cref="AccountingFields"/>.</summary>
    public static IReadOnlyList<Job> Accounted(string listed) =>
        [.. Lines(listed).Select(static line => line.Split('|', 2)).Where(static fields => fields.Length == 2).Select(static f => Of(f[0], f[0][(f[0].LastIndexOf('_') + 1)..], f[1], string.Empty))];

    // A state may be followed by more: CANCELLED by 1000. One that is not known is taken for a way of running.
    private static Job Of(string id, string task, string state, string reason)
    {
        var word = state.Split(' ', '+')[0];
        var phase = Waiting.Contains(word) ? JobPhase.Waiting
            : Failed.Contains(word) ? JobPhase.Failed
            : string.Equals(word, "COMPLETED", StringComparison.Ordinal) ? JobPhase.Completed
            : JobPhase.Running;
        return new Job(id, phase, word, reason is "" or "None" or "(null)" ? null : reason) { Seat = task is "N/A" ? null : task };
    }

    private static string[] Lines(string listed) => listed.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
