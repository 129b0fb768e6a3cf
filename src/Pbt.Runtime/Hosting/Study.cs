using System.Reflection;
using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Runtime.Resources;
using Pbt.Runtime.Studies;
using Pbt.Runtime.Telemetry;
using Pbt.Runtime.Trainers.InProcess;
using Pbt.Runtime.Workers;
using Pbt.Storage;
using Pbt.Storage.FileSystem;
using Pbt.Storage.Hooks;
using Pbt.Storage.Journal;
using Pbt.Storage.Memory;

namespace Pbt.Runtime.Hosting;

/// <summary>Runs studies whose trainers are objects of this process.</summary>
/// <remarks>Thread-safe. Other processes may work on the same directory at the same time, and `pbt status` and its like show it.</remarks>
public static class Study
{
    private static readonly string Version =
        typeof(Study).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    /// <summary>Runs the study of a YAML file whose trainer is <c>{ protocol: in_process }</c>.</summary>
    /// <inheritdoc cref="RunAsync(StudySpec, Func{ITrainer}, StudyRunOptions, CancellationToken)"/>
    public static Task<StudyRunResult> RunAsync(
        string specPath, Func<ITrainer> trainers, StudyRunOptions? options = null, CancellationToken cancellationToken = default) =>
        RunAsync(SpecFile.Read(specPath), trainers, options ?? new StudyRunOptions(), cancellationToken);

    /// <summary>Runs a study, or takes up the one in the directory, until it ends or is cancelled.</summary>
    /// <param name="spec">The study.</param>
    /// <param name="trainers">Makes the trainer of a slot. Called once for each; what it makes is disposed of at the end.</param>
    /// <param name="options">Where and how; the default is in no directory.</param>
    /// <param name="cancellationToken">
    /// Starts nothing more. Trainers may go on for <c>trainer.grace</c>; then theirs is cancelled, and what they were at is given
    /// back, to be repeated with the same seed. The result says how the study stands; nothing is thrown for it.
    /// </param>
    /// <exception cref="InvalidRequestException">
    /// The spec is not valid, is not the one of the study in the directory, or cannot run here; the message says what to do.
    /// </exception>
    /// <exception cref="DamagedStoreException">The study's log is damaged.</exception>
    public static Task<StudyRunResult> RunAsync(
        StudySpec spec, Func<ITrainer> trainers, StudyRunOptions? options = null, CancellationToken cancellationToken = default) =>
        RunAsync(SpecFile.Write(spec, "the study's spec is not valid"), trainers, options ?? new StudyRunOptions(), cancellationToken);

    private static async Task<StudyRunResult> RunAsync(
        SpecFile.Contents contents, Func<ITrainer> trainers, StudyRunOptions options, CancellationToken cancellationToken)
    {
        Check(contents.Spec);
        var work = new WorkerOptions
        {
            Slots = MachineSlots.Plan(contents.Spec, options.Slots).Slots,
            Runners = _ => new InProcessRunner(trainers(), options.Time),
            NeedsGuard = contents.Spec.Explore is CommandExplore,
        };
        var temporary = options.Directory is null ? Directory.CreateTempSubdirectory("pbt-study-").FullName : null;
        try
        {
            await StudyCheckpoints.RequireAsync(contents.Spec, options.Time, cancellationToken);
            await using var opened = await OpenAsync(contents.Spec, temporary, options);
            var opening = await StudyCreation.OpenAsync(
                opened, contents.Spec, options.AcceptedChanges.ToHashSet(StringComparer.Ordinal), Version, CancellationToken.None);
            if (opening.Objection(opened.Directory.Root) is { } objection)
                throw new InvalidRequestException(objection);

            var study = await StudyCheckpoints.OpenAsync(opened, options.Time, CancellationToken.None);
            using var checkpoints = study.Checkpoints as IDisposable;
            if (options.Telemetry is { } telemetry)
                study = study with { Store = new MeasuredStore(study.Store, telemetry, options.Time) };

            StudyCreation.KeepText(study, contents.Text);
            await WorkAsync(study, work, options, cancellationToken);
            return new StudyRunResult(await study.Store.LoadAsync(CancellationToken.None), study, temporary);
        }
        catch when (temporary is not null)
        {
            Directory.Delete(temporary, recursive: true);
            throw;
        }
    }

    private static void Check(StudySpec spec)
    {
        if (spec.Trainer is not InProcessTrainerSpec)
            throw new InvalidRequestException("trainer: the study's trainer is a program; write trainer: { protocol: in_process } for one of this process, or run it by `pbt run`");

        if (spec.Evaluate is not null)
            throw new InvalidRequestException("evaluate: a trainer of this process gives the score itself; leave evaluate out");
    }

    /// <summary>Opens the study, checked before anything is created.</summary>
    private static async Task<OpenStudy> OpenAsync(StudySpec spec, string? temporary, StudyRunOptions options)
    {
        if (temporary is not null)
        {
            Preflight.Require(spec, existing: null);
            return OpenStudy.In(new StudyDirectory(temporary), new MemoryStudyStore(new MemoryStudyLog(), options.Time), options.Time) with { Hooks = new MemoryHookLedger() };
        }

        var directory = new StudyDirectory(options.Directory!);
        StudyCreation.RefuseForeign(directory);
        if (File.Exists(directory.Store))
            throw new InvalidRequestException($"the events of the study in {directory.Root} are in a database; a study of this process keeps them in its directory: give another one");

        Umask.KeepTo(directory);
        Preflight.Require(spec, await ExistingAsync(directory, options.Time));
        return OpenStudy.In(directory, JournalStore.Create(directory, options.Time), options.Time) with { Hooks = new FileHookLedger(directory) };
    }

    private static async Task<StudyState?> ExistingAsync(StudyDirectory directory, TimeProvider time)
    {
        if (!directory.HasStudy)
            return null;

        await using var store = JournalStore.Open(directory, time);
        return await store.LoadAsync();
    }

    /// <summary>Works, and tells the user's function of it; what that throws stops the work.</summary>
    private static async Task WorkAsync(OpenStudy study, WorkerOptions work, StudyRunOptions options, CancellationToken cancellationToken)
    {
        var worker = new Worker(study, work, options.Time, options.Logger);
        if (options.OnEvents is not { } tell)
        {
            await worker.RunAsync(cancellationToken, CancellationToken.None);
            return;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var following = new CancellationTokenSource();
        var news = new StudyNews(study, tell, options.Time);
        var followed = news.FollowAsync(following.Token);
        var working = worker.RunAsync(stop.Token, CancellationToken.None);
        if (await Task.WhenAny(followed, working) == followed)
            await stop.CancelAsync();

        try
        {
            await working;
        }
        finally
        {
            await following.CancelAsync();
            await followed;
        }

        await news.CatchUpAsync(CancellationToken.None);
    }
}
