using System.Collections.Immutable;
using System.Globalization;

namespace Pbt.Core.Studies;

/// <summary>Workers are tasks of Slurm job arrays.</summary>
/// <remarks>What is null is left to Slurm, and so to the cluster's own defaults.</remarks>
public sealed record SlurmBackendSpec : JobBackendSpec
{
    /// <inheritdoc/>
    public override string Kind => "slurm";

    /// <summary>The partition.</summary>
    public string? Partition { get; init; }

    /// <summary>The account that is charged.</summary>
    public string? Account { get; init; }

    /// <summary>The quality of service.</summary>
    public string? Qos { get; init; }

    /// <summary>How long each job may run, at least a minute; Slurm counts whole minutes.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>Nodes of each job; at least 1.</summary>
    public int? Nodes { get; init; }

    /// <summary>Processors of each worker; at least 1.</summary>
    public int? CpusPerWorker { get; init; }

    /// <summary>Memory of each node of a job, such as <c>16G</c>.</summary>
    public string? Memory { get; init; }

    /// <summary>GPUs of each worker, with their type or without: <c>2</c> or <c>a100:2</c>.</summary>
    public string? Gpus { get; init; }

    /// <summary>How many GPUs a worker has; null where that is left to the cluster, or to <see cref="Gres"/>.</summary>
    public int? GpusOfWorker => Gpus is null || Gres.Any(static resource => resource.StartsWith("gpu", StringComparison.OrdinalIgnoreCase))
        ? null
        : int.Parse(Gpus.AsSpan(Gpus.LastIndexOf(':') + 1), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>Other generic resources of each worker, such as <c>lscratch:10</c>.</summary>
    public ImmutableArray<string> Gres { get; init; } = [];

    /// <summary>Features that nodes must have.</summary>
    public string? Constraint { get; init; }

    /// <summary>More options of sbatch, as they stand after <c>#SBATCH</c>.</summary>
    public ImmutableArray<string> Directives { get; init; } = [];

    /// <summary>Lines of the batch script before the worker is started.</summary>
    public ImmutableArray<string> Setup { get; init; } = [];

    /// <summary>The absolute path of the user's own batch script, or null.</summary>
    public string? Template { get; init; }

    /// <summary>How long before a job's limit it is told of it. Default 60 s.</summary>
    public TimeSpan SignalAhead { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether Slurm may run a job anew whose node has failed, or that was pre-empted. Default true.</summary>
    public bool Requeue { get; init; } = true;
}
