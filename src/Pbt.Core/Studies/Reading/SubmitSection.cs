using System.Collections.Immutable;

namespace Pbt.Core.Studies.Reading;

/// <summary>Reads <c>backend: { kind: submit }</c>.</summary>
internal static class SubmitSection
{
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(1);

    /// <summary>Reads how jobs are submitted, asked for and cancelled, or returns null after recording why not.</summary>
    public static SubmitBackendSpec? Read(SectionReader section, string directory)
    {
        var submit = Submit(section);
        var status = CommandLine(section, "status", "status: [qstat, -j, \"{job}\"]", JobTemplates.JobPlaceholders);
        var cancel = CommandLine(section, "cancel", "cancel: [qdel, \"{job}\"]", JobTemplates.JobPlaceholders);
        var jobId = OutputSection.Read(section.Value("job_id"), SpecSections.BackendJobId);
        var state = OutputSection.Read(section.Required("state", "write state: { regex: 'job_state = (\\S+)' } or state: { json: $.job.state }"), SpecSections.BackendState);
        var states = States(section);
        var gone = section.Value("gone") is { } pattern ? OutputSection.Pattern(pattern, mustCapture: false) : null;
        if (submit is null || status is null || cancel is null || state is null || states is null)
            return null;

        CheckIdentity(section, submit.Value, status.Value, cancel.Value);
        var templates = new JobTemplates
        {
            Submit = submit.Value,
            Status = status.Value,
            Cancel = cancel.Value,
            JobId = jobId,
            State = state,
            States = states,
            Gone = gone,
            WorkingDirectory = WorkingDirectory(section, directory),
        };
        return new() { Templates = templates with { Timeout = Timeout(section) ?? templates.Timeout } };
    }

    /// <summary>Reads where the programs run; the folder of the spec by default.</summary>
    public static string WorkingDirectory(SectionReader section, string directory) =>
        section.Value("working_directory")?.AbsolutePath(directory) ?? Path.GetFullPath(directory);

    /// <summary>Reads how long a program may take, or null.</summary>
    public static TimeSpan? Timeout(SectionReader section) => section.Value("timeout")?.Duration(TimeSpan.FromSeconds(1), LongestTimeout);

    private static ImmutableArray<CommandArgument>? Submit(SectionReader section)
    {
        const string Hint = "submit: [qsub, -N, \"{name}\", -b, y, \"{worker_arguments}\"]";
        if (CommandLine(section, "submit", Hint, JobTemplates.SubmitPlaceholders) is not { } arguments)
            return null;

        var value = section.Value("submit")!;
        var whole = $"{{{JobTemplates.WorkerArguments}}}";
        if (arguments.Any(argument => argument.Parts.Any(part => Uses(part, JobTemplates.WorkerArguments) && (argument.Droppable || !part.Equals(whole, StringComparison.Ordinal)))))
            value.Fail($"{whole} stands for several arguments, so it has to be an argument by itself; within a text write {{{JobTemplates.Worker}}}, which is the same quoted for a shell");

        if (!Uses(arguments, JobTemplates.Worker) && !Uses(arguments, JobTemplates.WorkerArguments))
            value.Fail($"nothing says what the job is to run; write {whole} as arguments of their own, or {{{JobTemplates.Worker}}} where one text for a shell is wanted");

        return arguments;
    }

    /// <summary>A job has to be told from the others by its id or by its name.</summary>
    private static void CheckIdentity(
        SectionReader section, ImmutableArray<CommandArgument> submit, ImmutableArray<CommandArgument> status, ImmutableArray<CommandArgument> cancel)
    {
        var byId = Uses(status, "job") || Uses(cancel, "job");
        if (byId && !section.Has("job_id"))
            section.FailKey("job_id", "is missing, and {job} is used; write job_id: { regex: 'job ([0-9]+)' } for how submit prints it, or use {name}");

        if (!section.Has("job_id") && !Uses(submit, "name"))
            section.FailKey("submit", "jobs are told apart by their name, as there is no job_id, and submit does not give them one; write {name} in it");

        if (!Uses(cancel, "job") && !Uses(cancel, "name"))
            section.FailKey("cancel", "it does not say which job; write {job} or {name} in it");

        var rule = section.Value("state")?.Section(SpecSections.BackendState, reportUnknown: false);
        if (!Uses(status, "job") && !Uses(status, "name") && rule?.Value("regex")?.Scalar is { } pattern && !Mentions(pattern.Text))
            section.FailKey("state", "status does not say which job, so the regular expression has to find its line; write {job} or {name} in it");

        if (!Uses(status, "job") && !Uses(status, "name") && rule?.Value("json") is { } json && !Places(json).Any(Mentions))
            section.FailKey("state", "status does not say which job, so the path has to; write {job} or {name} in it, as in $.Jobs['{job}'].job_state");
    }

    private static IEnumerable<string> Places(SpecValue json) => json.Node switch
    {
        ListNode list => list.Items.OfType<ScalarNode>().Select(static item => item.Text),
        ScalarNode scalar => [scalar.Text],
        _ => [],
    };

    private static bool Mentions(string text) => text.Contains("{job}", StringComparison.Ordinal) || text.Contains("{name}", StringComparison.Ordinal);

    private static ImmutableArray<CommandArgument>? CommandLine(SectionReader section, string key, string hint, ImmutableArray<string> placeholders) =>
        section.Required(key, $"write {hint}") is { } value ? CommandSection.Arguments(value, placeholders) : null;

    private static bool Uses(ImmutableArray<CommandArgument> arguments, string placeholder) =>
        arguments.Any(argument => argument.Parts.Any(part => Uses(part, placeholder)));

    private static bool Uses(string part, string placeholder) =>
        ArgumentTemplate.TryParse(part, out _)?.Placeholders.Contains(placeholder, StringComparer.Ordinal) ?? false;

    private static JobStates? States(SectionReader backend)
    {
        const string Hint = "write states: { waiting: [PENDING], running: [RUNNING], completed: [DONE], failed: [FAILED] }, in the scheduler's own words";
        if (backend.Required("states", Hint)?.Section(SpecSections.BackendStates) is not { } section)
            return null;

        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        var states = new JobStates(Words("waiting"), Words("running"), Words("completed"), Words("failed"));
        if (states.Running.Length == 0)
            section.Fail($"no word says that a job runs; {Hint}");

        return states;

        ImmutableArray<string> Words(string key)
        {
            if (section.Value(key) is not { } value || value.List($"{key}: [WORD, …]") is not { } items)
                return [];

            var words = ImmutableArray.CreateBuilder<string>();
            foreach (var item in items)
            {
                if (item.Source() is not { } word)
                    continue;

                if (seen.TryAdd(word, key))
                    words.Add(word);
                else
                    item.Fail($"'{ScalarNode.Shorten(word)}' is listed twice, the first time as {seen[word]}; keep one");
            }

            return words.ToImmutable();
        }
    }
}
