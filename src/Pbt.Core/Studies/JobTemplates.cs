using System.Collections.Immutable;

namespace Pbt.Core.Studies;

/// <summary>How jobs of a scheduler are submitted, asked for and cancelled: three command lines, and how to read what they print.</summary>
/// <remarks>Immutable. No shell ever reads the command lines: each is a vector of arguments with placeholders.</remarks>
public sealed record JobTemplates
{
    /// <summary>The worker's whole command line as one text, quoted for a shell.</summary>
    public const string Worker = "worker";

    /// <summary>The worker's command line as arguments of their own; stands alone in an argument.</summary>
    public const string WorkerArguments = "worker_arguments";

    /// <summary>The placeholders of the command line that submits.</summary>
    public static readonly ImmutableArray<string> SubmitPlaceholders = ["name", "study", Worker, WorkerArguments, "directory", "log", "slots"];

    /// <summary>The placeholders of the command lines that ask and cancel.</summary>
    public static readonly ImmutableArray<string> JobPlaceholders = ["job", "name", "study"];

    /// <summary>Submits one job.</summary>
    public required ImmutableArray<CommandArgument> Submit { get; init; }

    /// <summary>Asks for the state of a job, or of all.</summary>
    public required ImmutableArray<CommandArgument> Status { get; init; }

    /// <summary>Cancels a job.</summary>
    public required ImmutableArray<CommandArgument> Cancel { get; init; }

    /// <summary>Where what <see cref="Submit"/> prints has the job's id; null where jobs are known by their name alone.</summary>
    public OutputRule? JobId { get; init; }

    /// <summary>Where what <see cref="Status"/> prints has a job's state.</summary>
    public required OutputRule State { get; init; }

    /// <summary>What the scheduler's words for states mean.</summary>
    public required JobStates States { get; init; }

    /// <summary>A regular expression for what <see cref="Status"/> prints of a job that the scheduler has forgotten; null if it never says so.</summary>
    public string? Gone { get; init; }

    /// <summary>How long each of the programs may take. Default 2 min.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Where the programs run; absolute.</summary>
    public required string WorkingDirectory { get; init; }
}

/// <summary>Where a text stands in what a program prints.</summary>
public abstract record OutputRule;

/// <summary>The first match of a regular expression, in which <c>{job}</c> and <c>{name}</c> stand for the job's; <c>^</c> and <c>$</c> match at lines.</summary>
/// <param name="Pattern">Its first group is the text.</param>
public sealed record PatternRule(string Pattern) : OutputRule;

/// <summary>A value in a JSON document.</summary>
/// <param name="Paths">Where; the first that leads to a text or a number counts. See <see cref="JsonPlace"/>.</param>
public sealed record JsonRule(ImmutableArray<string> Paths) : OutputRule;

/// <summary>A scheduler's words for where a job stands.</summary>
/// <param name="Waiting">It has not begun.</param>
/// <param name="Running">It runs.</param>
/// <param name="Completed">It has ended in order.</param>
/// <param name="Failed">It has ended before its time.</param>
public sealed record JobStates(ImmutableArray<string> Waiting, ImmutableArray<string> Running, ImmutableArray<string> Completed, ImmutableArray<string> Failed);
