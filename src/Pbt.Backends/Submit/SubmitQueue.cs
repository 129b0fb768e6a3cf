using System.Globalization;
using Pbt.Backends.Jobs;
using Pbt.Core.Studies;
using Pbt.Storage;
using Pbt.Storage.FileSystem;
using Pbt.Storage.Logs;

namespace Pbt.Backends.Submit;

/// <summary>A scheduler that is reached by three programs: to submit, to ask and to cancel.</summary>
/// <remarks>
/// Which jobs were submitted is kept in the study's directory, since not every scheduler can be asked for jobs by a name.
/// </remarks>
/// <param name="commands">The command lines.</param>
/// <param name="backend">The kind of backend, as it stands in the file of jobs.</param>
/// <param name="study">The study's directory here.</param>
/// <param name="programs">Runs the programs.</param>
/// <param name="say">Tells the user something in one line.</param>
/// <param name="time">The clock.</param>
public sealed class SubmitQueue(JobCommands commands, string backend, StudyDirectory study, IProgramRunner programs, Action<string> say, TimeProvider time) : IJobQueue
{
    /// <summary>Programs that run at a time at most.</summary>
    public const int AtOnce = 4;

    private readonly JobStates _states = commands.Templates.States;
    private Dictionary<string, (JobEntry Entry, Job Job)> _live = new(StringComparer.Ordinal);
    private long _next;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Job>> ListAsync(CancellationToken cancellationToken)
    {
        List<JobEntry> live;
        using (var file = await JobFile.OpenAsync(study, time, cancellationToken))
        {
            Resolve(file);
            live = [.. file.Entries.All.Where(entry => entry.Knowledge == JobKnowledge.Submitted && entry.Backend.Equals(backend, StringComparison.Ordinal))];
            _next = file.Entries.Next;
        }

        var found = await AskAsync(live, cancellationToken);
        _live = found.Where(static f => f.Job is { IsLive: true }).ToDictionary(static f => f.Job!.Id, static f => (f.Entry, f.Job!), StringComparer.Ordinal);
        List<(JobEntry, string?)> ended = [.. found.Where(static f => f.Job is not { IsLive: true }).Select(static f => (f.Entry with { Knowledge = JobKnowledge.Ended }, f.Job?.State))];
        if (ended.Count > 0)
        {
            using var file = await JobFile.OpenAsync(study, time, cancellationToken);
            file.Append(ended);
        }

        return [.. found.Select(static f => f.Job).OfType<Job>()];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Job>> SubmitAsync(int workers, CancellationToken cancellationToken)
    {
        using var file = await JobFile.OpenAsync(study, time, cancellationToken);
        if (file.Entries.Next != _next)
            throw new JobQueueException("another pbt has just submitted jobs of this study");

        StudyTree.Make(study, Path.Combine(study.Logs, "jobs"));
        var submitted = new List<Job>();
        while (submitted.Count < workers)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var first = file.Entries.Next;
            List<JobEntry> batch = [.. Enumerable.Range(0, Math.Min(AtOnce, workers - submitted.Count))
                .Select(i => new JobEntry(first + i, commands.NameOf(first + i), backend, JobKnowledge.Submitting, Id: null))];
            file.Append([.. batch.Select(static entry => (entry, (string?)null))]);
            var runs = await Task.WhenAll(batch.Select(entry => programs.RunAsync(commands.Submit(entry.Name), cancellationToken)));
            List<(JobEntry Entry, string? Why)> outcomes = [.. batch.Zip(runs, After)];
            file.Append(outcomes);
            _next = file.Entries.Next;
            submitted.AddRange(Remember(outcomes.Select(static outcome => outcome.Entry)));
            if (outcomes.Find(static outcome => outcome.Entry.Knowledge != JobKnowledge.Submitted) is { Why: { } why })
                throw Failed(why, submitted.Count, cancellationToken);
        }

        return submitted;
    }

    /// <inheritdoc/>
    public async Task CancelAsync(IReadOnlyList<Job> jobs, CancellationToken cancellationToken)
    {
        List<JobEntry> entries = [.. jobs.Select(job => _live.TryGetValue(job.Id, out var known) ? known.Entry : null).OfType<JobEntry>()];
        var failed = new List<(JobEntry Entry, ProgramRun Run)>();
        foreach (var batch in entries.Chunk(AtOnce))
        {
            var runs = await Task.WhenAll(batch.Select(entry => programs.RunAsync(commands.Cancel(entry.Name, IdOf(entry)), cancellationToken)));
            failed.AddRange(batch.Zip(runs).Where(static pair => pair.Second.Failure is not null));
        }

        if (failed.Count == 0)
            return;

        // One that has ended meanwhile cannot be cancelled, and need not be.
        var still = await AskAsync([.. failed.Select(static f => f.Entry)], cancellationToken);
        if (failed.Find(f => still.Exists(s => s.Entry == f.Entry && s.Job is { IsLive: true })) is { Entry: { } entry, Run: { } run })
            throw new JobQueueException($"{Shown(commands.Cancel(entry.Name, IdOf(entry)))} {Told(run)}");
    }

    /// <inheritdoc/>
    public string Preview(int workers)
    {
        var first = JobFile.Peek(study).Next;
        return string.Concat(Enumerable.Range(0, workers).Select(i => ShellText.CommandLine(commands.Submit(commands.NameOf(first + i))) + "\n"));
    }

    /// <inheritdoc/>
    public string? LogOf(Job job) =>
        JobFile.Peek(study).All.LastOrDefault(entry => IdOf(entry).Equals(job.Id, StringComparison.Ordinal)) is { } entry
            ? LogTail.Shown(JobCommands.LogIn(study.Root, entry.Name))
            : null;

    private static string IdOf(JobEntry entry) => entry.Id ?? entry.Name;

    private static string Shown(IReadOnlyList<string> command) => ShellText.CommandLine(command);

    private static string Told(ProgramRun run) => run.Shown.Length == 0 ? $"{run.Failure} and printed nothing" : $"{run.Failure}: {run.Shown}";

    /// <summary>What is known of a job once its program has ended.</summary>
    private (JobEntry Entry, string? Why) After(JobEntry entry, ProgramRun run)
    {
        var shown = Shown(commands.Submit(entry.Name));
        if (run.End == ProgramOutcome.Cut)
            return (entry with { Knowledge = JobKnowledge.Unknown }, $"{shown} {Told(run)}; whether the job {entry.Name} was submitted is not known: look for it by that name");

        if (run.Failure is not null)
            return (entry with { Knowledge = JobKnowledge.Refused }, $"{shown} {Told(run)}");

        if (commands.Templates.JobId is not { } rule)
            return (entry with { Knowledge = JobKnowledge.Submitted }, null);

        var id = JobOutput.Find(rule, run.Out, job: string.Empty, entry.Name);
        return id is not null && JobOutput.IdObjection(id) is null
            ? (entry with { Knowledge = JobKnowledge.Submitted, Id = id }, null)
            : (entry with { Knowledge = JobKnowledge.Unknown },
                $"{shown} ended well, but what it printed has no job's id where backend.job_id looks{(id is null ? string.Empty : $" ({JobOutput.IdObjection(id)})")}: {run.Shown}; mend job_id, and look for the job {entry.Name}, which may run");
    }

    /// <summary>Jobs just submitted count as live until the next look.</summary>
    private List<Job> Remember(IEnumerable<JobEntry> entries)
    {
        var jobs = new List<Job>();
        foreach (var entry in entries.Where(static entry => entry.Knowledge == JobKnowledge.Submitted))
        {
            var job = new Job(IdOf(entry), JobPhase.Waiting, "submitted");
            _live[job.Id] = (entry, job);
            jobs.Add(job);
        }

        return jobs;
    }

    private static InvalidRequestException Failed(string why, int submitted, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var others = submitted == 0 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $" ({submitted} submitted before it go on)");
        return new InvalidRequestException($"a worker could not be submitted{others}: {why}");
    }

    /// <summary>Settles submissions of which nothing says how they went: whoever began them is gone.</summary>
    private void Resolve(JobFile file)
    {
        List<JobEntry> open = [.. file.Entries.All.Where(entry => entry.Knowledge == JobKnowledge.Submitting && entry.Backend.Equals(backend, StringComparison.Ordinal))];
        if (open.Count == 0)
            return;

        if (commands.AsksByName && commands.Templates.JobId is null)
        {
            // The next look asks for it by its name, and finds it or not.
            file.Append([.. open.Select(static entry => (entry with { Knowledge = JobKnowledge.Submitted }, (string?)"found by its name"))]);
            return;
        }

        var names = string.Join(", ", open.Select(static entry => entry.Name));
        file.Append([.. open.Select(static entry => (entry with { Knowledge = JobKnowledge.Unknown }, (string?)"pbt was ended while it was being submitted"))]);
        say($"pbt was ended while it submitted {names}: whether the scheduler took {(open.Count == 1 ? "it" : "them")} is not known. Look there by name; one that runs is a worker more, and ends with the study");
    }

    /// <summary>Asks for jobs; one without a job has ended and is forgotten.</summary>
    private async Task<List<(JobEntry Entry, Job? Job)>> AskAsync(List<JobEntry> entries, CancellationToken cancellationToken)
    {
        var questions = entries.GroupBy(entry => string.Join('\0', commands.Status(entry.Name, IdOf(entry))), StringComparer.Ordinal).ToList();
        var found = new List<(JobEntry, Job?)>();
        JobQueueException? trouble = null;
        var isAnswered = false;
        foreach (var batch in questions.Chunk(AtOnce))
        {
            var runs = await Task.WhenAll(batch.Select(question => programs.RunAsync(question.Key.Split('\0'), cancellationToken)));
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var (question, run) in batch.Zip(runs))
            {
                foreach (var entry in question)
                {
                    try
                    {
                        found.Add((entry, JobOf(entry, run)));
                        isAnswered = true;
                    }
                    catch (JobQueueException failure)
                    {
                        trouble ??= failure;
                        if (!_live.TryGetValue(IdOf(entry), out var known))
                            throw;

                        found.Add((entry, known.Job));
                    }
                }
            }
        }

        // Where some answer and some do not, those are taken to be as they were.
        return trouble is null || isAnswered ? found : throw trouble;
    }

    private Job? JobOf(JobEntry entry, ProgramRun run)
    {
        var id = IdOf(entry);
        var question = Shown(commands.Status(entry.Name, id));
        if (run.End == ProgramOutcome.NotStarted)
            throw new InvalidRequestException($"{question} {run.Failure}");

        if (run.End == ProgramOutcome.Ended && commands.Templates.Gone is { } gone && JobOutput.Matches(gone, run.Out + run.Error, id, entry.Name))
            return null;

        if (run.Failure is not null)
            throw new JobQueueException($"{question} {Told(run)}");

        if (JobOutput.Find(commands.Templates.State, run.Out, id, entry.Name) is { Length: > 0 } word)
            return new Job(id, JobOutput.PhaseOf(_states, word, id), word);

        return commands.AsksForOne
            ? throw new JobQueueException($"{question} says nothing of job {id} where backend.state looks{(run.Shown.Length == 0 ? string.Empty : $": {run.Shown}")}")
            : null;
    }
}
