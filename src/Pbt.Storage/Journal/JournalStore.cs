using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;
using Pbt.Storage.FileSystem;
using Pbt.Storage.Journal.Snapshots;

namespace Pbt.Storage.Journal;

/// <summary>A study's log as the file <c>journal.jsonl</c> in its directory, on a local disk, NFS or Lustre.</summary>
/// <remarks>
/// <para>
/// Thread-safe; any number may be open on the same file, in any number of processes and on any number of machines. They
/// exclude each other by an open-file-description lock on the file itself, which the system releases when its holder dies.
/// </para>
/// <para>
/// Decisions run on one thread of the store's. Transactions that wait at the same time share a lock, one write and one
/// <c>fdatasync</c>; one that adds no events ends with its batch, so that it never reports what another of the
/// batch did before that is durable. If the write or the sync fails, all of the batch fail with
/// <see cref="TransientStoreException"/>, the file is cut back, and the store can be used again. Once it has thrown
/// <see cref="DamagedStoreException"/>, it takes no more transactions: somebody must look, and open it anew.
/// </para>
/// <para>
/// What a crash tore at the file's end the next transaction cuts; readers stop before it. Readers take no lock, so they
/// may see events a moment before these are durable. What a process appended whole before it was killed counts as
/// committed, synced or not: the next batch that appends makes it durable with its own.
/// </para>
/// <para>
/// Beside it stands <c>snapshot</c>, a cache of a fold: it may be deleted at any time, and one that does not fit is ignored.
/// </para>
/// </remarks>
public sealed class JournalStore : IStudyStore
{
    private readonly JournalIndex _index = new();
    private readonly JournalSnapshots _snapshots;
    private readonly JournalCommitter _committer;
    private readonly JournalReader _reader;
    private readonly JournalWatch _watch;

    internal JournalStore(string path, TimeProvider time, JournalFaults? faults = null, SnapshotPolicy? snapshots = null)
    {
        Path = path;
        _snapshots = new(path, snapshots ?? SnapshotPolicy.Default);
        _watch = new(path, time);
        _reader = new(path, _index, _snapshots);
        _committer = new(path, time, _index, _snapshots, _watch.Advance, faults);
    }

    /// <summary>Called every 10 seconds, on a thread of its own, while another process keeps the journal locked.</summary>
    /// <remarks>Nobody needs it for so long: the other process has been stopped in the middle of a transaction.</remarks>
    public Action? LockAwaited
    {
        get => _committer.LockAwaited;
        set => _committer.LockAwaited = value;
    }

    /// <summary>Where the file is.</summary>
    public string Path { get; }

    /// <summary>What this store has done since it was opened.</summary>
    public JournalStatistics Statistics => _committer.Statistics;

    /// <summary>Opens the journal of a directory; makes both where they are missing.</summary>
    /// <remarks>
    /// Whether there is a study in it is for a transaction to say, which finds <see cref="StudyState.Exists"/> false if
    /// there is none: so two processes may create the same study at once, and one that died in between changes nothing.
    /// </remarks>
    /// <exception cref="InvalidRequestException">
    /// The directory cannot be made or written to, or locks on its file system do not exclude others.
    /// </exception>
    /// <exception cref="TransientStoreException">There is no space for it, or the storage failed.</exception>
    public static JournalStore Create(StudyDirectory directory, TimeProvider? time = null)
    {
        try
        {
            Directory.CreateDirectory(directory.Root);
            if (FileKinds.Of(directory.Journal) is FileKind.Missing || new FileInfo(directory.Journal) is { Exists: true, Length: 0 })
            {
                using (File.OpenHandle(directory.Journal, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete))
                {
                }

                JournalFile.ProveLocks(directory.Journal);
                DurableFile.SyncDirectory(directory.Root);
                if (System.IO.Path.GetDirectoryName(directory.Root) is { } parent)
                    DurableFile.SyncDirectory(parent);
            }
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException { HResult: Posix.ReadOnlyFileSystem })
        {
            throw new InvalidRequestException($"No study can be created in {directory.Root}: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new TransientStoreException($"No study could be created in {directory.Root}: {e.Message} Mend that and run again.", e);
        }

        return Open(directory, time);
    }

    /// <summary>Opens the journal of a directory.</summary>
    /// <remarks>
    /// Cheap: the file is read by the first transaction or read. It need not be writable as long as nothing is to change.
    /// </remarks>
    /// <exception cref="InvalidRequestException">There is none, or it may not be read.</exception>
    public static JournalStore Open(StudyDirectory directory, TimeProvider? time = null)
    {
        using (JournalFile.Open(directory.Journal, writable: false))
        {
        }

        return new(directory.Journal, time ?? TimeProvider.System);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<RecordedEvent> ReadAsync(long afterVersion, CancellationToken cancellationToken = default) =>
        _reader.ReadAsync(afterVersion, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>
    /// Begins at the snapshot that a store left beside the journal, if it is one of this journal and this build of pbt, and
    /// leaves a new one where many events were folded. What the snapshot stands for is not read again.
    /// </remarks>
    public ValueTask<StudyState> LoadAsync(CancellationToken cancellationToken = default) => new(_reader.LoadAsync(cancellationToken));

    /// <inheritdoc/>
    /// <exception cref="InvalidRequestException">The file may not be written, or locks on its file system do not exclude others.</exception>
    public ValueTask<Committed<T>> TransactAsync<T>(Func<StudyTransaction, T> decide, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(decide);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<Committed<T>>(cancellationToken);

        var pending = new PendingTransaction<T>(decide, cancellationToken);
        _committer.Enqueue(pending);
        return new(pending.Completion);
    }

    /// <inheritdoc/>
    public ValueTask WaitAsync(long afterVersion, CancellationToken cancellationToken = default) => _watch.WaitAsync(afterVersion, cancellationToken);

    /// <summary>Carries out the transactions that wait, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _committer.DisposeAsync();
        await _snapshots.Idle;
        _watch.Dispose();
    }
}
