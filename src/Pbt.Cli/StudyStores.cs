using Pbt.Cli.Commands;
using Pbt.Core.Studies;
using Pbt.Runtime;
using Pbt.Runtime.Leases;
using Pbt.Runtime.Processes;
using Pbt.Storage;
using Pbt.Storage.Checkpoints;
using Pbt.Storage.FileSystem;
using Pbt.Storage.Hooks;
using Pbt.Storage.Journal;
using Pbt.Storage.Postgres;

namespace Pbt.Cli;

/// <summary>Opens studies where they are: in directories, their events in a journal there or in a database.</summary>
/// <remarks>What is of PostgreSQL is in methods of its own, so that nothing of it is loaded for a journal.</remarks>
internal static class StudyStores
{
    /// <summary>Opens the study in a directory.</summary>
    /// <exception cref="InvalidRequestException">There is none.</exception>
    public static async Task<OpenStudy> OpenAsync(string directory, TimeProvider time)
    {
        var study = new StudyDirectory(directory);
        Umask.KeepTo(study);
        if (!study.HasStudy)
            throw StudyCommand.NoStudyIn(directory);

        return await WithCheckpointsAsync(File.Exists(study.Store) ? OpenDatabase(study, time) : Assemble(study, JournalStore.Open(study, time), time), time);
    }

    /// <summary>Opens the study in a directory; if there is none, with an empty log.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="store">Where its events are to be, or null for a journal in the directory.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="InvalidRequestException">The directory's events are somewhere else.</exception>
    public static Task<OpenStudy> CreateOrOpenAsync(string directory, PostgresAddress? store, TimeProvider time)
    {
        var study = new StudyDirectory(directory);
        Umask.KeepTo(study);
        if (store is not null)
            return AttachAsync(study, store, create: true, time);

        return File.Exists(study.Store)
            ? throw new InvalidRequestException($"the events of the study in {directory} are in a database: add --store {File.ReadAllText(study.Store).Trim()}")
            : WithCheckpointsAsync(Assemble(study, JournalStore.Create(study, time), time), time);
    }

    /// <summary>Opens a study whose events are in a database, in a directory that may still have to be made.</summary>
    /// <param name="study">The directory.</param>
    /// <param name="store">Where its events are.</param>
    /// <param name="create">Whether the study may be a new one.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="InvalidRequestException">The directory's events are somewhere else, or it lacks the study's checkpoints.</exception>
    public static async Task<OpenStudy> AttachAsync(StudyDirectory study, PostgresAddress store, bool create, TimeProvider time)
    {
        Umask.KeepTo(study);
        if (File.Exists(study.Journal))
            throw new InvalidRequestException($"the events of the study in {study.Root} are in its journal: leave --store out, or `pbt copy {study.Root} {store} --dir NEW` and use NEW");

        var named = PostgresAddress.In(study);
        if (named is not null && !named.IsSameStudy(store))
            throw new InvalidRequestException($"the events of the study in {study.Root} are in {named}, not in {store}; use another --dir for another study");

        var opened = Assemble(study, create ? PostgresStudyStore.Create(store, time) : PostgresStudyStore.Open(store, time), time);
        try
        {
            opened = await StudyCheckpoints.OpenAsync(opened, time);
            if (named is null)
                await RefuseStrangerAsync(opened, store);

            if (named != store)
                store.WriteTo(study);

            return opened;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    /// <summary>Refuses a new directory for a study that has its checkpoints in another.</summary>
    private static async Task RefuseStrangerAsync(OpenStudy study, PostgresAddress store)
    {
        var state = await ((PostgresStudyStore)study.Store).LoadAsync();
        if (!state.Exists || state.Spec.Checkpoints.Store is not null)
            return;

        foreach (var checkpoint in state.LiveCheckpoints)
        {
            if (await study.Checkpoints.VerifyAsync(checkpoint, CheckpointCheck.Sizes) is not FetchResult.Missing)
                return;
        }

        if (state.LiveCheckpoints.Count > 0)
            throw new InvalidRequestException($"the study in {store} has checkpoints, and none of them is in {study.Directory.Root}: give the directory that it runs in, or a copy of it");
    }

    private static async Task<OpenStudy> WithCheckpointsAsync(OpenStudy study, TimeProvider time)
    {
        try
        {
            return await StudyCheckpoints.OpenAsync(study, time);
        }
        catch
        {
            await study.DisposeAsync();
            throw;
        }
    }

    private static OpenStudy OpenDatabase(StudyDirectory study, TimeProvider time) =>
        PostgresAddress.In(study) is { } store ? Assemble(study, PostgresStudyStore.Open(store, time), time) : throw StudyCommand.NoStudyIn(study.Root);

    private static OpenStudy Assemble(StudyDirectory study, PostgresStudyStore store, TimeProvider time) =>
        OpenStudy.In(study, store, time, new PostgresHeartbeats(store.Workers, time)) with { Hooks = store.Hooks };

    private static OpenStudy Assemble(StudyDirectory study, JournalStore store, TimeProvider time)
    {
        store.LockAwaited = () => Console.Error.WriteLine(LockMessage(study));
        return OpenStudy.In(study, store, time) with { Hooks = new FileHookLedger(study) };
    }

    /// <summary>What is said while the log's lock is awaited.</summary>
    public static string LockMessage(StudyDirectory study)
    {
        var stopped = string.Join(", ", StoppedProcesses.Holding(study.Journal));
        return stopped.Length > 0
            ? $"pbt: waiting for the study's log, which a stopped process has locked: {stopped}; let it go on (kill -CONT) or end it"
            : "pbt: waiting for the study's log, which another process has locked; one that was stopped, perhaps on another host, must go on or be ended";
    }
}
