using Pbt.Backends;
using Pbt.Backends.Jobs;
using Pbt.Cli.Telemetry;
using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Runtime;
using Pbt.Runtime.Processes;
using Pbt.Runtime.Studies;
using Pbt.Storage;
using Pbt.Storage.Postgres;

namespace Pbt.Cli;

/// <summary>What to run, and where.</summary>
/// <param name="Spec">The study's spec.</param>
/// <param name="Text">The spec's text, kept in the directory for people.</param>
/// <param name="Directory">The study's directory; a study that is there is taken up.</param>
internal sealed record StudyRunRequest(StudySpec Spec, string Text, StudyDirectory Directory)
{
    /// <summary>Where its events are to be; null for a journal in the directory.</summary>
    public PostgresAddress? Store { get; init; }

    /// <summary>Attempts at a time; null for what the spec or the machine says.</summary>
    public int? Slots { get; init; }

    /// <summary>Keys whose change in the spec of a study that is there is accepted.</summary>
    public IReadOnlyList<string> Accepted { get; init; } = [];

    /// <summary>What <c>--umask</c> says.</summary>
    public string? Umask { get; init; }

    /// <summary>The process without which it is to end at once, as <c>--parent</c> names it; null for none.</summary>
    public string? Parent { get; init; }

    /// <summary>What can be done with a study that is complete, as the end of a sentence.</summary>
    public string CompleteHint { get; init; } = string.Empty;
}

/// <summary>How a study was left.</summary>
internal enum RunEnd
{
    /// <summary>It has ended, or its workers have for good.</summary>
    Ended,

    /// <summary>A signal came, and its workers have stopped.</summary>
    Interrupted,

    /// <summary>A signal came; its workers are jobs and go on.</summary>
    Detached,
}

/// <summary>Creates a study or takes it up, starts workers and watches, until it ends or is interrupted.</summary>
internal sealed class StudyRun(CliServices services, StudyRunRequest request)
{
    /// <summary>Refuses what cannot run, before anything is created.</summary>
    /// <exception cref="InvalidRequestException">It cannot run here.</exception>
    /// <param name="services">The world.</param>
    /// <param name="spec">What is to run.</param>
    /// <param name="slots">Attempts at a time; null for what the spec or the machine says.</param>
    /// <param name="existing">The study as it is, if there is one.</param>
    public static void Check(CliServices services, StudySpec spec, int? slots, StudyState? existing = null)
    {
        TelemetrySettings.Read(InheritedEnvironment.Read());
        Preflight.Require(spec, existing);
        Runners.RequireProgram(spec);

        // Where its workers are jobs, this machine need not be able to train.
        if (spec.Backend is LocalBackendSpec)
            Runners.OptionsFor(spec, slots, services.Time);
    }

    /// <summary>Prints what would be submitted, and does nothing.</summary>
    /// <exception cref="InvalidRequestException">It cannot run, or its workers are no jobs.</exception>
    public void PrintOnly()
    {
        if (request.Spec.Backend is not JobBackendSpec jobs)
            throw new InvalidRequestException("--print-only shows what a backend would submit; the local one starts a process and submits nothing");

        Check(services, request.Spec, request.Slots);
        services.Out.Write(Preview(jobs));
    }

    /// <summary>What would be submitted.</summary>
    /// <exception cref="InvalidRequestException">It cannot be.</exception>
    private string Preview(JobBackendSpec jobs) =>
        Backends.QueueFor(services, request.Spec, jobs, request.Directory, request.Store).Preview(JobBackend.WorkersFor(request.Spec, jobs, request.Slots));

    /// <summary>Runs it, and gives the study while it is still open, its last state and how it was left to a function.</summary>
    /// <remarks>Signals are caught while it trains: the first lets it stop in order, the second ends it at once.</remarks>
    /// <exception cref="InvalidRequestException">It cannot run.</exception>
    public async Task<T> RunAsync<T>(Func<OpenStudy, StudyState, RunEnd, T> conclude)
    {
        Check(services, request.Spec, request.Slots, await ExistingAsync());
        if (request.Spec.Backend is JobBackendSpec jobs)
            _ = Preview(jobs);
        else
            WarnOfHooks();

        await StudyCheckpoints.RequireAsync(request.Spec, services.Time);
        StudyCreation.RefuseForeign(request.Directory);
        Commands.CommonOptions.Restrict(request.Umask);
        await using var opened = await services.CreateOrOpen(request.Directory.Root, request.Store);
        Commands.CommonOptions.Remember(request.Umask, request.Directory);
        var opening = await StudyCreation.OpenAsync(
            opened, request.Spec, request.Accepted.ToHashSet(StringComparer.Ordinal), PbtVersion.Text, CancellationToken.None);
        Announce(opening);
        var study = await StudyCheckpoints.OpenAsync(opened, services.Time);
        using var checkpoints = study.Checkpoints as IDisposable;
        using var interruption = new Interruption();
        if (opening is StudyOpening.Resumed { Phase: StudyPhase.Completed })
        {
            var complete = await StudyLoader.LoadAsync(study, CancellationToken.None);
            await LastHooks.RunAsync(services, study, complete, interruption.Stop);
            return conclude(study, complete, RunEnd.Ended);
        }

        StudyCreation.KeepText(study, request.Text);
        await using var watch = ParentWatch.Start(request.Parent, interruption, services.Time);
        var backend = Backends.For(services, request.Spec, request.Directory);
        await using var saying = interruption.Stop.Register(() => services.Error.WriteLine(request.Spec.Backend is JobBackendSpec
            ? "pbt: leaving; workers go on"
            : $"pbt: stopping; running intervals may go on for {request.Spec.Trainer.Grace.TotalSeconds} s (trainer.grace), Ctrl-C again ends them at once"));
        var (state, end) = await new Supervision(services, study, backend, request.Slots).RunAsync(interruption.Stop, interruption.Kill);
        await LastHooks.RunAsync(services, study, state, interruption.Kill);
        return conclude(study, state, end == BackendEnd.Detached ? RunEnd.Detached : interruption.Stop.IsCancellationRequested ? RunEnd.Interrupted : RunEnd.Ended);
    }

    /// <summary>Says which hooks would fail here; the study runs all the same.</summary>
    private void WarnOfHooks()
    {
        foreach (var problem in Preflight.CheckHooks(request.Spec))
            services.Error.WriteLine($"pbt: a hook will fail: {problem}");
    }

    /// <summary>The study as it is; null if there is none, or nobody asks.</summary>
    private async Task<StudyState?> ExistingAsync()
    {
        if (!request.Directory.HasStudy || !Enumerable.Range(0, request.Spec.FirstMembers).Any(member => request.Spec.StartOf(member) is not null))
            return null;

        await using var study = await services.Open(request.Directory.Root);
        return await study.Store.LoadAsync(CancellationToken.None);
    }

    /// <summary>Says what was found.</summary>
    /// <exception cref="InvalidRequestException">It cannot be run as it is.</exception>
    private void Announce(StudyOpening opening)
    {
        var root = request.Directory.Root;
        if (opening.Objection(root) is { } objection)
            throw new InvalidRequestException(objection);

        switch (opening)
        {
            case StudyOpening.Resumed { Phase: StudyPhase.Completed }:
                services.Out.WriteLine($"The study in {root} is complete{request.CompleteHint}.");
                break;
            case StudyOpening.Resumed { Phase: StudyPhase.Paused }:
                services.Out.WriteLine($"The study in {root} is paused; `pbt resume {root}` lets it go on.");
                break;
            case StudyOpening.Resumed:
                services.Out.WriteLine($"Taking up the study in {root}.");
                break;
            case StudyOpening.Changed changed:
                services.Out.WriteLine($"Taking up the study in {root} with changes: {string.Join("; ", changed.Changes)}.");
                break;
            default:
                services.Out.WriteLine($"Created the study in {root}.");
                break;
        }
    }
}
