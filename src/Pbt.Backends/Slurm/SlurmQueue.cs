using Pbt.Backends.Jobs;
using Pbt.Core.Studies;
using Pbt.Storage;
using Pbt.Storage.FileSystem;
using Pbt.Storage.Logs;

namespace Pbt.Backends.Slurm;

/// <summary>Workers as tasks of Slurm job arrays.</summary>
/// <remarks>
/// A study's jobs are those of this user with its name. A task's number is the worker's seat: a job that hands over to another
/// gives it the same one. No id is relied on, since a controller that crashes may lose a job and give its id to another.
/// </remarks>
/// <param name="spec">How workers are to be.</param>
/// <param name="study">The study's directory.</param>
/// <param name="name">The name of its jobs.</param>
/// <param name="worker">The command that works on it.</param>
/// <param name="time">Measures how long Slurm takes to answer.</param>
public sealed class SlurmQueue(SlurmBackendSpec spec, StudyDirectory study, string name, IReadOnlyList<string> worker, TimeProvider time) : IJobQueue
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ProgramRunner _programs = new(Directory.GetCurrentDirectory(), Patience, key: null, SlurmEnvironment.IsPassedOn, time);

    private IReadOnlyList<Job> _last = [];
    private bool _hasAnswered;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Job>> ListAsync(CancellationToken cancellationToken)
    {
        var end = await RunAsync(
            ["squeue", "--noheader", "--array", "--all", $"--user={Environment.UserName}", $"--name={name}", "--states=all", $"--format={SlurmListing.Format}"], cancellationToken);
        if (end.Failure is not null)
        {
            throw !_hasAnswered && SlurmRefusal.IsWithoutConfiguration(end.Said)
                ? new InvalidRequestException($"there is no Slurm to be found from here; run pbt where jobs are submitted, or set SLURM_CONF to Slurm's configuration. squeue said: {end.Said}")
                : new JobQueueException($"Slurm does not answer: {end.Said}");
        }

        _hasAnswered = true;
        var jobs = SlurmListing.Jobs(end.Out);
        var known = jobs.Select(static job => job.Id).ToHashSet(StringComparer.Ordinal);
        List<string> forgotten = [.. _last.Where(job => job.IsLive && !known.Contains(job.Id)).Select(static job => job.Id)];
        _last = forgotten.Count == 0 ? jobs : [.. jobs, .. await AccountedAsync(forgotten, cancellationToken)];
        return _last;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Job>> SubmitAsync(int workers, CancellationToken cancellationToken)
    {
        var seats = _last.LiveSeats();
        var script = Script(seats.Count + workers);
        StudyTree.Make(study, study.Logs);
        var tasks = ArrayTasks.Free(seats, workers);
        var end = await SubmitAsync(tasks, script, cancellationToken);
        if (end.Failure is null)
        {
            var jobs = SlurmListing.Submitted(end.Out, tasks);
            _last = [.. _last, .. jobs];
            return jobs;
        }

        if (SlurmRefusal.IsPassing(end.Said))
            throw new JobQueueException($"Slurm takes no jobs: {end.Said}");

        throw new InvalidRequestException($"Slurm refuses the workers: {end.Said}");
    }

    /// <inheritdoc/>
    public async Task CancelAsync(IReadOnlyList<Job> jobs, CancellationToken cancellationToken)
    {
        var end = await RunAsync(["scancel", "--quiet", .. jobs.Select(static job => job.Id)], cancellationToken);
        if (end.Failure is null)
            return;

        // Those that have ended meanwhile need no cancelling.
        var asked = jobs.Select(static job => job.Id).ToHashSet(StringComparer.Ordinal);
        if ((await ListAsync(cancellationToken)).Any(job => job.IsLive && asked.Contains(job.Id)))
            throw new JobQueueException($"scancel failed: {end.Said}");
    }

    /// <inheritdoc/>
    public string Preview(int workers) =>
        $"{ShellText.Quote(["sbatch", .. Arguments(ArrayTasks.Free(new HashSet<string>(StringComparer.Ordinal), workers))])} <<'END_OF_SCRIPT'\n{Script(workers)}END_OF_SCRIPT\n";

    /// <inheritdoc/>
    public string? LogOf(Job job) => LogTail.Shown(Path.Combine(study.Logs, $"slurm-{job.Id}.log"));

    private List<string> Arguments(IReadOnlyList<int> tasks) => ["--parsable", $"--array={ArrayTasks.Format(tasks, spec.Throttle)}"];

    private async Task<ProgramRun> SubmitAsync(IReadOnlyList<int> tasks, string script, CancellationToken cancellationToken)
    {
        // Slurm keeps a copy.
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, script, cancellationToken);
            return await RunAsync(["sbatch", .. Arguments(tasks), file], cancellationToken);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Runs one of Slurm's programs to its end.</summary>
    private async Task<ProgramRun> RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        var run = await _programs.RunAsync(command, cancellationToken);
        if (run.End == ProgramOutcome.NotStarted)
            throw new InvalidRequestException($"{command[0]} {run.Failure}. Slurm's commands have to be in the PATH, so run pbt where jobs are submitted");

        if (run.End == ProgramOutcome.Cut)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new JobQueueException($"{command[0]} {run.Failure}");
        }

        return run;
    }

    private string Script(int workers) => SlurmScript.Write(spec, study, name, worker, workers, ReadTemplate());

    private string? ReadTemplate()
    {
        if (spec.Template is null)
            return null;

        try
        {
            return File.ReadAllText(spec.Template);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidRequestException($"backend.template: {error.Message}");
        }
    }

    /// <summary>How jobs ended that squeue has forgotten; without accounting nobody knows.</summary>
    private async Task<IReadOnlyList<Job>> AccountedAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        try
        {
            var end = await RunAsync(
                ["sacct", "--noheader", "--parsable2", "--allocations", $"--format={SlurmListing.AccountingFields}", $"--jobs={string.Join(',', ids)}"], cancellationToken);
            return end.Failure is null ? [.. SlurmListing.Accounted(end.Out).Where(job => !job.IsLive && ids.Contains(job.Id, StringComparer.Ordinal))] : [];
        }
        catch (Exception error) when (error is JobQueueException or InvalidRequestException)
        {
            return [];
        }
    }
}
