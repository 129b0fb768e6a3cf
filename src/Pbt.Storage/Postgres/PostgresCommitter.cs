using Npgsql;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;
using Pbt.Storage.Journal;

namespace Pbt.Storage.Postgres;

/// <summary>Carries out transactions one after another: those that wait share a lock and a commit.</summary>
/// <remarks><see cref="Enqueue"/> and <see cref="DisposeAsync"/> are thread-safe; everything else happens in one task at a time.</remarks>
internal sealed class PostgresCommitter(PostgresDatabase database, TimeProvider time, Action<long> committed) : IAsyncDisposable
{
    private const int MostTransactions = 1024;
    private const int MostBytes = 8 << 20;

    private readonly Queue<PendingTransaction> _queue = new();
    private readonly PostgresFold _fold = new(database);
    private readonly List<PendingTransaction> _batch = [];
    private readonly List<RecordedEvent> _added = [];
    private readonly JournalLines _lines = new();
    private Task _running = Task.CompletedTask;
    private DamagedStoreException? _damage;
    private bool _isRunning;
    private bool _closing;

    /// <summary>Adds a transaction to the queue.</summary>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public void Enqueue(PendingTransaction pending)
    {
        lock (_queue)
        {
            ObjectDisposedException.ThrowIf(_closing, typeof(PostgresStudyStore));
            _queue.Enqueue(pending);
            if (_isRunning)
                return;

            _isRunning = true;
            _running = Task.Run(RunAsync);
        }
    }

    /// <summary>Carries out what is queued and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        Task running;
        lock (_queue)
        {
            if (_closing)
                return;

            _closing = true;
            running = _running;
        }

        await running;
        _lines.Dispose();
    }

    private async Task RunAsync()
    {
        while (true)
        {
            lock (_queue)
            {
                _isRunning = _queue.Count > 0;
                if (!_isRunning)
                    return;
            }

            await RunBatchAsync();
        }
    }

    private bool TryDequeue(out PendingTransaction pending)
    {
        lock (_queue)
            return _queue.TryDequeue(out pending!);
    }

    private async Task RunBatchAsync()
    {
        _batch.Clear();
        try
        {
            if (_damage is not null)
                throw _damage;

            await using var transaction = await BeginAsync();
            await CommitQueuedAsync(transaction);
        }
#pragma warning disable CA1031 // Whatever it is, those who wait must be told.
        catch (Exception e)
#pragma warning restore CA1031
        {
            var error = PostgresErrors.IsServers(e) ? PostgresErrors.Translate(database.Address, e) : e;
            _damage = error as DamagedStoreException;
            FailBatch(error);
            return;
        }

        committed(_fold.Version);
        foreach (var pending in _batch)
            pending.Complete();
    }

    /// <summary>Locks the study; what is to be read first of a long log is read before that, so that nobody waits for it.</summary>
    private async Task<PostgresTransaction> BeginAsync()
    {
        var isFirstTry = true;
        while (true)
        {
            try
            {
                if (_fold.Version == 0)
                    await CatchUpAsync();

                return await PostgresTransaction.BeginAsync(database, _fold);
            }
            catch (Exception e) when (isFirstTry && PostgresErrors.IsDeadConnection(e))
            {
                // The server may have ended the connection while it lay unused; no decision was taken on it yet.
                isFirstTry = false;
                database.ForgetConnections();
            }
        }
    }

    private async Task CatchUpAsync()
    {
        var study = await database.StudyAsync();
        await using var connection = await database.ConnectAsync();
        int count;
        do
        {
            await using var batch = new NpgsqlBatch(connection)
            {
                BatchCommands =
                {
                    new($"SELECT {PostgresReader.ByIndex}"),
                    new(PostgresReader.Statement) { Parameters = { new() { Value = study }, new() { Value = _fold.Version }, new() { Value = (long)PostgresReader.Piece } } },
                },
            };
            await using var rows = await batch.ExecuteReaderAsync();
            await rows.NextResultAsync();
            count = await _fold.AdvanceAsync(rows);
        }
        while (count == PostgresReader.Piece);
    }

    private async Task CommitQueuedAsync(PostgresTransaction transaction)
    {
        _lines.Clear();
        _added.Clear();
        try
        {
            while (_batch.Count < MostTransactions && _lines.Length < MostBytes && TryDequeue(out var pending))
            {
                if (!pending.TryBegin())
                    continue;

                _batch.Add(pending);
                if (!TryDecide(pending, out var lines))
                    await TakeBackAsync(transaction, lines);
            }

            if (_added.Count > 0)
            {
                var rows = Rows();
                await transaction.CommitAsync(rows);
                _fold.MoveTo(rows[^1].Version, rows[^1].Checksum);
            }
        }
        catch
        {
            // The state may hold what is not in the database: fold it anew. Whether a COMMIT that got no answer was
            // carried out, that will show.
            _fold.Reset();
            throw;
        }
    }

    private bool TryDecide(PendingTransaction pending, out int lines)
    {
        lines = _lines.Length;
        var released = _fold.State.ReleasedCheckpoints.Count;
        var transaction = new StudyTransaction(_fold.State, time.GetUtcNow());
        try
        {
            pending.Decide(transaction);
            transaction.ThrowIfBroken();
            _lines.Add(transaction.Events);
        }
#pragma warning disable CA1031 // Whatever a decision throws is for its caller.
        catch (Exception e)
#pragma warning restore CA1031
        {
            pending.Failure = e;
            return false;
        }

        _added.AddRange(transaction.Events);
        pending.Version = _fold.State.Version;
        if (_fold.State.ReleasedCheckpoints.Count > released)
            pending.Released = [.. _fold.State.ReleasedCheckpoints.Skip(released)];

        return true;
    }

    /// <summary>Makes the state what it was before a decision failed, which may have left it half changed.</summary>
    private async Task TakeBackAsync(PostgresTransaction transaction, int lines)
    {
        _lines.CutTo(lines);
        var version = _fold.Version;
        _fold.Reset();
        await _fold.AdvanceAsync(transaction.Connection, await database.StudyAsync(), version);
        foreach (var recorded in _added)
            _fold.State.Apply(recorded);
    }

    private List<EventRow> Rows()
    {
        var rows = new List<EventRow>(_added.Count);
        var rest = _lines.Bytes;
        foreach (var recorded in _added)
        {
            var length = rest.IndexOf((byte)'\n');
            rows.Add(EventRow.Of(rest[..length], recorded.Time));
            rest = rest[(length + 1)..];
        }

        return rows;
    }

    /// <summary>Fails all that began, or all that wait if none could begin.</summary>
    private void FailBatch(Exception exception)
    {
        if (_batch.Count == 0)
        {
            while (TryDequeue(out var pending))
            {
                if (pending.TryBegin())
                    _batch.Add(pending);
            }
        }

        foreach (var pending in _batch)
            pending.Fail(PendingTransaction.ForOneCaller(pending.Failure ?? exception));
    }
}
