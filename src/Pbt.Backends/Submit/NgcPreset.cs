using System.Collections.Immutable;
using System.Globalization;
using Pbt.Core.Studies;

namespace Pbt.Backends.Submit;

/// <summary>The command lines of NGC's program for jobs, as its documentation has them.</summary>
/// <remarks>
/// Pure. The options and the states are those of the program's own help and source (ngc 3, <c>ngc batch run</c>, <c>info</c> and
/// <c>kill</c>); the real service was never asked. In old versions <c>info</c> is <c>get</c>.
/// </remarks>
public static class NgcPreset
{
    private const string Program = "ngc";

    /// <summary>What the words of <c>jobStatus.status</c> mean.</summary>
    public static readonly JobStates States = new(
        [
            "CREATED", "QUEUED", "STARTING", "PENDING_STORAGE_CREATION", "REQUESTING_RESOURCE", "RESOURCE_GRANTED", "RESOURCE_CONSUMPTION_REQUEST_IN_PROGRESS",
            "PREEMPTED", "PREEMPTED_BY_ADMIN",
        ],
        ["RUNNING", "PENDING_TERMINATION"],
        ["FINISHED_SUCCESS"],
        [
            "FAILED", "FAILED_RUN_LIMIT_EXCEEDED", "CANCELED", "KILLED_BY_USER", "KILLED_BY_ADMIN", "KILLED_BY_SYSTEM", "TASK_LOST", "UNKNOWN", "INFINITY_POOL_MISSING",
            "RESOURCE_RELEASED", "RESOURCE_GRANT_DENIED", "RESOURCE_LIMIT_EXCEEDED", "IM_INTERNAL_ERROR",
        ]);

    /// <summary>The command lines.</summary>
    /// <param name="ngc">What jobs are to be.</param>
    /// <param name="template">The text of <see cref="NgcBackendSpec.Template"/>, if there is one.</param>
    /// <exception cref="InvalidRequestException">The template is none of a job; the message says what it lacks.</exception>
    public static JobTemplates Templates(NgcBackendSpec ngc, string? template)
    {
        var run = template is null ? Run(ngc) : OfTemplate(template, ngc.Template!);
        string[] scope = [.. Given(run, "--org"), .. Given(run, "--team")];
        string[] jobs = [.. run.TakeWhile(static argument => argument is not "run")];
        return new()
        {
            Submit = Words(run),
            Status = Words([.. jobs, ngc.StatesBy, "{job}", "--format_type", "json", .. scope]),
            Cancel = Words([.. jobs, "kill", "{job}", .. scope]),
            JobId = new JsonRule(["$.job.id", "$.id"]),
            State = new JsonRule(["$.job.jobStatus.status", "$.jobStatus.status"]),
            States = States,
            Timeout = ngc.Timeout,
            WorkingDirectory = ngc.WorkingDirectory,
        };
    }

    /// <summary>Why workers in containers could not take part in a study, as a sentence; null if nothing is known against it.</summary>
    /// <param name="ngc">What jobs are to be.</param>
    /// <param name="run">The command line that submits.</param>
    /// <param name="isInDatabase">Whether the study's events are in a database, rather than in its directory.</param>
    /// <param name="hasCheckpointStore">Whether its checkpoints are in a store of their own, rather than in its directory.</param>
    public static string? Objection(NgcBackendSpec ngc, IEnumerable<CommandArgument> run, bool isInDatabase, bool hasCheckpointStore)
    {
        var directory = ngc.Directory ?? "/";
        List<string> arguments = [.. run.SelectMany(static argument => argument.Parts)];
        string[] mounts = [.. Values(arguments, "--workspace"), .. Values(arguments, "-w")];
        var mount = mounts.Select(static m => m.Split(':')).FirstOrDefault(parts => parts.Length > 1 && IsBelow(directory, parts[1]));
        if (mount is [_, _, "RO"])
            return $"the study's directory for workers, {directory}, is on the workspace {mount[0]}, which is mounted read-only; mount it :RW";

        if (mount is not null || (isInDatabase && hasCheckpointStore))
            return null;

        List<string> missing = [];
        if (!isInDatabase)
            missing.Add("keep its events in a database that they reach (--store postgres://…)");

        if (!hasCheckpointStore)
            missing.Add("its checkpoints in a store that they reach (checkpoints.store: s3://…)");

        return $"containers of NGC see neither this machine's disk nor each other's, so workers could not share the study: {string.Join(" and ", missing)}, or have its directory on a workspace that is mounted in them (backend.directory is {directory}, mounted: {(mounts.Length == 0 ? "none" : string.Join(", ", mounts))})";
    }

    private static List<string> Run(NgcBackendSpec ngc)
    {
        List<string> run = [Program, "batch", "run", "--name", ngc.Name];
        Add("--org", ngc.Org);
        Add("--team", ngc.Team);
        Add("--ace", ngc.Ace);
        Add("--instance", ngc.Instance);
        Add("--image", ngc.Image);
        foreach (var workspace in ngc.Workspaces)
            Add("--workspace", workspace);

        foreach (var dataset in ngc.Datasets)
            Add("--datasetid", dataset);

        Add("--result", ngc.Result);
        Add("--priority", ngc.Priority);
        Add("--preempt", ngc.Preempt);
        Add("--total-runtime", ngc.TotalRuntime is { } runtime ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(runtime.TotalSeconds):0}S") : null);
        run.AddRange(ngc.Arguments.Select(Literal));
        run.AddRange(["--commandline", ngc.CommandLine, "--format_type", "json"]);
        return run;

        void Add(string option, string? value)
        {
            if (value is not null)
                run.AddRange([option, Literal(value)]);
        }
    }

    private static List<string> OfTemplate(string text, string file)
    {
        List<string> run = [.. JobTemplateText.Read(text, file)];
        if (run is not ([_, "batch", "run", ..] or [_, "base-command", "job", "run", ..]))
            throw new InvalidRequestException($"{file} is no command line of NGC's program; it begins with ngc batch run");

        if (!run.Exists(static argument => argument.Contains($"{{{JobTemplates.Worker}}}", StringComparison.Ordinal)))
            throw new InvalidRequestException($"{file} does not say what the job is to run; write --commandline \"{{{{ experiment_cmd }}}}\"");

        if (!run.Exists(static argument => argument.Contains("{name}", StringComparison.Ordinal)))
            throw new InvalidRequestException($"{file} does not name the job; write --name \"{{{{ name }}}}\"");

        switch (Values(run, "--format_type").ToList())
        {
            case []:
                run.AddRange(["--format_type", "json"]);
                break;
            case ["json"]:
                break;
            default:
                throw new InvalidRequestException($"{file} has a --format_type other than json, and the job's id could not be read; remove it");
        }

        return run;
    }

    private static IEnumerable<string> Given(List<string> arguments, string option) => Values(arguments, option).Take(1).SelectMany(value => (string[])[option, value]);

    private static IEnumerable<string> Values(List<string> arguments, string option)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i].Equals(option, StringComparison.Ordinal) && i + 1 < arguments.Count)
                yield return arguments[i + 1];
            else if (arguments[i].StartsWith(option + "=", StringComparison.Ordinal))
                yield return arguments[i][(option.Length + 1)..];
        }
    }

    private static bool IsBelow(string directory, string mount)
    {
        var point = mount.TrimEnd('/');
        return directory.Equals(point, StringComparison.Ordinal) || directory.StartsWith(point + "/", StringComparison.Ordinal);
    }

    private static ImmutableArray<CommandArgument> Words(IEnumerable<string> words) => [.. words.Select(static text => new CommandArgument([text], Droppable: false))];

    private static string Literal(string text) => text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);
}
