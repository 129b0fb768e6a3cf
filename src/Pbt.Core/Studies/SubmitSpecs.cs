using System.Collections.Immutable;

namespace Pbt.Core.Studies;

/// <summary>Workers are jobs of any scheduler that has programs to submit, ask for and cancel them.</summary>
public sealed record SubmitBackendSpec : JobBackendSpec
{
    /// <inheritdoc/>
    public override string Kind => "submit";

    /// <inheritdoc/>
    public override string Scheduler => Path.GetFileName(Templates.Submit[0].Parts[0]);

    /// <summary>The programs.</summary>
    public required JobTemplates Templates { get; init; }
}

/// <summary>Workers are jobs of NVIDIA's NGC (Base Command), by its command line program <c>ngc</c>.</summary>
/// <remarks>What is null or empty is not on the command line.</remarks>
public sealed record NgcBackendSpec : JobBackendSpec
{
    /// <inheritdoc/>
    public override string Kind => "ngc";

    /// <summary>A job template of an <c>ngc batch run</c> command line, read when jobs are submitted; null for one made of the keys below.</summary>
    public string? Template { get; init; }

    /// <summary>The jobs' names, with the placeholder <c>{name}</c>. Default <c>{name}</c>.</summary>
    public string Name { get; init; } = "{name}";

    /// <summary>The organisation.</summary>
    public string? Org { get; init; }

    /// <summary>The team.</summary>
    public string? Team { get; init; }

    /// <summary>The accelerated computing environment.</summary>
    public string? Ace { get; init; }

    /// <summary>The kind of machine.</summary>
    public string? Instance { get; init; }

    /// <summary>The container's image.</summary>
    public string? Image { get; init; }

    /// <summary>Workspaces, each as <c>ID:MOUNT</c> or <c>ID:MOUNT:RW</c>.</summary>
    public ImmutableArray<string> Workspaces { get; init; } = [];

    /// <summary>Where the job's result is mounted.</summary>
    public string? Result { get; init; }

    /// <summary>Data sets, each as <c>ID:MOUNT</c>.</summary>
    public ImmutableArray<string> Datasets { get; init; } = [];

    /// <summary>LOW, NORMAL or HIGH.</summary>
    public string? Priority { get; init; }

    /// <summary>RUNONCE, RESTARTABLE or RESUMABLE.</summary>
    public string? Preempt { get; init; }

    /// <summary>How long a job may run.</summary>
    public TimeSpan? TotalRuntime { get; init; }

    /// <summary>What the container runs, a text for its shell, with the placeholder <c>{worker}</c>. Default <c>{worker}</c>.</summary>
    public string CommandLine { get; init; } = "{worker}";

    /// <summary>The subcommand that tells a job's state: <c>info</c>, or <c>get</c> in old versions of the program.</summary>
    public string StatesBy { get; init; } = "info";

    /// <summary>More arguments of <c>ngc batch run</c>.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>How long the program may take. Default 3 min.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Where the program runs; absolute.</summary>
    public required string WorkingDirectory { get; init; }
}
