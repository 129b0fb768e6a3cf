using Pbt.Cli.Commands;
using Pbt.Runtime;
using Pbt.Runtime.Leases;
using Pbt.Runtime.Processes;
using Pbt.Storage;
using Pbt.Storage.Checkpoints;
using Pbt.Storage.FileSystem;
using Pbt.Storage.Journal;
using Pbt.Storage.Metrics;

namespace Pbt.Cli;

/// <summary>Opens studies where they are: in directories.</summary>
internal static class StudyStores
{
    /// <summary>Opens the study in a directory.</summary>
    /// <exception cref="Core.Studies.InvalidRequestException">There is none.</exception>
    public static OpenStudy Open(string directory, TimeProvider time)
    {
        var study = new StudyDirectory(directory);
        Umask.KeepTo(study);
        return study.HasStudy ? Assemble(study, JournalStore.Open(study, time), time) : throw StudyCommand.NoStudyIn(directory);
    }

    /// <summary>Opens the study in a directory; if there is none, with an empty log.</summary>
    public static OpenStudy CreateOrOpen(string directory, TimeProvider time)
    {
        var study = new StudyDirectory(directory);
        Umask.KeepTo(study);
        return Assemble(study, JournalStore.Create(study, time), time);
    }

    private static OpenStudy Assemble(StudyDirectory study, JournalStore store, TimeProvider time)
    {
        store.LockAwaited = () => Console.Error.WriteLine(LockMessage(study));
        return new(study, store, new DirectoryCheckpointStore(study), new MetricsLog(study, time), new FileHeartbeats(study));
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
