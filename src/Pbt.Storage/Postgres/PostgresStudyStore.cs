using System.Buffers;
using System.Runtime.CompilerServices;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;
using Pbt.Storage.Journal;

namespace Pbt.Storage.Postgres;

/// <summary>A study's log as rows of a PostgreSQL database, for machines that share no file system.</summary>
/// <remarks>
/// <para>
/// Thread-safe; any number may be open on the same study, in any number of processes and on any number of machines. They
/// exclude each other by a lock on the study's row, which the server releases when its holder's connection ends. A
/// process that is stopped while it has the lock is thrown out by the server after 10 s; what it then tries to commit fails.
/// </para>
/// <para>
/// Decisions run in one task of the store's. Transactions that wait at the same time share a lock and a commit; one that
/// adds no events ends with its batch. If the commit fails, all of the batch fail with <see cref="TransientStoreException"/>,
/// and the store can be used again: it reads from the database whether they were committed before it decides anew. Once
/// it has thrown <see cref="DamagedStoreException"/>, it takes no more transactions.
/// </para>
/// <para>Opening it does nothing yet: the first use connects, and tells of what is wrong.</para>
/// </remarks>
public sealed class PostgresStudyStore : IStudyStore
{
    private const int BlockLength = 1 << 20;
    private readonly PostgresDatabase _database;
    private readonly PostgresCommitter _committer;
    private readonly PostgresReader _reader;
    private readonly PostgresWatch _watch;

    private PostgresStudyStore(PostgresAddress address, TimeProvider time, bool create)
    {
        if (address.Study is null)
            throw new InvalidRequestException($"the store's address {address} names no study; add ?study=NAME");

        _database = new(address, create);
        _watch = new(_database, time);
        _committer = new(_database, time, _watch.Advance);
        _reader = new(_database);
        Workers = new(_database);
        Hooks = new(_database, time);
    }

    /// <summary>Where it is.</summary>
    public PostgresAddress Address => _database.Address;

    /// <summary>The counters of the study's workers.</summary>
    public PostgresWorkers Workers { get; }

    /// <summary>Who runs the study's hooks, and up to which event they were run.</summary>
    public PostgresHookLedger Hooks { get; }

    /// <summary>Opens a study that is there.</summary>
    public static PostgresStudyStore Open(PostgresAddress address, TimeProvider? time = null) => new(address, time ?? TimeProvider.System, create: false);

    /// <summary>Opens a study; its first use makes it, and pbt's tables, where they are missing.</summary>
    public static PostgresStudyStore Create(PostgresAddress address, TimeProvider? time = null) => new(address, time ?? TimeProvider.System, create: true);

    /// <summary>Connects, brings the tables up to date, and finds or makes the study.</summary>
    /// <remarks>Not needed: the first use does the same.</remarks>
    /// <exception cref="TransientStoreException">The server cannot be reached just now.</exception>
    /// <exception cref="InvalidRequestException">It refuses the connection, or there is no such study.</exception>
    public async Task ConnectAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await _database.StudyAsync(cancellationToken);
        }
        catch (Exception e) when (PostgresErrors.IsServers(e))
        {
            throw PostgresErrors.Translate(Address, e);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RecordedEvent> ReadAsync(long afterVersion, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var (recorded, _) in _reader.ReadAsync(afterVersion, asLines: false, cancellationToken))
            yield return recorded;
    }

    /// <inheritdoc/>
    public async ValueTask<StudyState> LoadAsync(CancellationToken cancellationToken = default)
    {
        var state = new StudyState();
        await foreach (var (recorded, _) in _reader.ReadAsync(afterVersion: 0, asLines: false, cancellationToken))
            PostgresFold.Apply(Address, state, recorded);

        return state;
    }

    /// <inheritdoc/>
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

    /// <summary>Carries out the transactions that wait, and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _committer.DisposeAsync();
        _watch.Dispose();
        await _watch.Ended;
        await _database.DisposeAsync();
    }

    /// <summary>The log as the lines of a journal, many at a time; a piece is valid until the next.</summary>
    internal async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadLinesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var block = new ArrayBufferWriter<byte>(BlockLength);
        await foreach (var (_, line) in _reader.ReadAsync(afterVersion: 0, asLines: true, cancellationToken))
        {
            block.Write(line);
            block.Write("\n"u8);
            if (block.WrittenCount < BlockLength)
                continue;

            yield return block.WrittenMemory;
            block.ResetWrittenCount();
        }

        if (block.WrittenCount > 0)
            yield return block.WrittenMemory;
    }
}
