using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;
using Pbt.Storage.Journal.Snapshots;

namespace Pbt.Storage.Journal;

/// <summary>Carries out transactions on one thread: those that wait share a lock, a write and a sync.</summary>
/// <remarks>
/// <see cref="Enqueue"/>, <see cref="Statistics"/> and <see cref="DisposeAsync"/> are thread-safe; everything else happens on
/// the thread, which starts with the first transaction.
/// </remarks>
internal sealed class JournalCommitter : IAsyncDisposable
{
    private const int MostTransactions = 1024;
    private const int MostBytes = 8 << 20;
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(10);

    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly Action<long> _committed;
    private readonly JournalFaults? _faults;
    private readonly Queue<PendingTransaction> _queue = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly JournalFold _fold;
    private readonly JournalIndex _index;
    private readonly JournalSnapshots _snapshots;
    private readonly List<PendingTransaction> _batch = [];
    private readonly List<RecordedEvent> _added = [];
    private readonly JournalLines _lines = new();
    private JournalFile? _file;
    private DamagedStoreException? _damage;
    private bool _started;
    private bool _closing;
    private long _transactions;
    private long _batches;
    private long _syncs;
    private long _bytesWritten;
    private long _tornBytesCut;

    /// <summary>Makes one; opens nothing yet.</summary>
    /// <param name="path">The journal.</param>
    /// <param name="time">Gives events their time.</param>
    /// <param name="index">Is told places.</param>
    /// <param name="snapshots">Begins the fold, and is offered it after each batch.</param>
    /// <param name="committed">Is told each version that the thread comes to know, before the transactions' callers are.</param>
    /// <param name="faults">Fails operations on purpose.</param>
    public JournalCommitter(string path, TimeProvider time, JournalIndex index, JournalSnapshots snapshots, Action<long> committed, JournalFaults? faults)
    {
        _path = path;
        _time = time;
        _index = index;
        _snapshots = snapshots;
        _fold = new(index, snapshots);
        _committed = committed;
        _faults = faults;
    }

    /// <summary>Called on a timer's thread while another process holds the lock.</summary>
    public Action? LockAwaited { get; set; }

    /// <summary>What was done so far.</summary>
    public JournalStatistics Statistics => new(
        Interlocked.Read(ref _transactions),
        Interlocked.Read(ref _batches),
        Interlocked.Read(ref _syncs),
        Interlocked.Read(ref _bytesWritten),
        Interlocked.Read(ref _tornBytesCut));

    /// <summary>Adds a transaction to the queue.</summary>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public void Enqueue(PendingTransaction pending)
    {
        lock (_queue)
        {
            ObjectDisposedException.ThrowIf(_closing, typeof(JournalStore));
            _queue.Enqueue(pending);
            if (!_started)
            {
                _started = true;
                new Thread(Run) { IsBackground = true, Name = "pbt journal" }.UnsafeStart();
            }
            else if (_queue.Count == 1)
            {
                Monitor.Pulse(_queue);
            }
        }
    }

    /// <summary>Carries out what is queued and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_queue)
        {
            _closing = true;
            if (!_started)
                _ended.TrySetResult();

            Monitor.Pulse(_queue);
        }

        await _ended.Task;
    }

    private void Run()
    {
        while (WaitForWork())
            RunBatch();

        _file?.Dispose();
        _lines.Dispose();
        _ended.TrySetResult();
    }

    private bool WaitForWork()
    {
        lock (_queue)
        {
            while (_queue.Count == 0 && !_closing)
                Monitor.Wait(_queue);

            return _queue.Count > 0;
        }
    }

    private bool TryDequeue(out PendingTransaction pending)
    {
        lock (_queue)
            return _queue.TryDequeue(out pending!);
    }

    /// <summary>Takes the lock, however long that takes, and says every so often that it is waiting.</summary>
    private void Lock(JournalFile file)
    {
        using var patience = _time.CreateTimer(static committer => ((JournalCommitter)committer!).LockAwaited?.Invoke(), this, LockPatience, LockPatience);
        file.Lock(exclusive: true);
    }

    private void RunBatch()
    {
        _batch.Clear();
        try
        {
            if (_damage is not null)
                throw _damage;

            _file ??= JournalFile.Open(_path, writable: true, _faults);
            Lock(_file);
            try
            {
                CommitQueued(_file);
            }
            catch
            {
                // The state may hold what is not in the file: fold it anew.
                _fold.Reset();
                _index.Clear();
                throw;
            }
            finally
            {
                _file.Unlock();
            }
        }
        catch (Exception e)
        {
            _damage = e as DamagedStoreException;
            FailBatch(e);
            return;
        }

        Interlocked.Increment(ref _batches);
        _committed(_index.Confirmed.Version);
        foreach (var pending in _batch)
            pending.Complete();

        _snapshots.Keep(_file, _fold);
    }

    private void CommitQueued(JournalFile file)
    {
        CatchUp(file);
        _lines.Clear();
        _added.Clear();
        while (_batch.Count < MostTransactions && _lines.Length < MostBytes && TryDequeue(out var pending))
        {
            if (!pending.TryBegin())
                continue;

            _batch.Add(pending);
            Decide(file, pending);
        }

        Interlocked.Add(ref _transactions, _batch.Count);
        if (_lines.Length > 0)
            Append(file);

        _index.Confirmed = _fold.Position;
    }

    /// <summary>Folds what others appended, and cuts what a crash left.</summary>
    private void CatchUp(JournalFile file)
    {
        file.CheckIdentity();
        var end = file.Length;
        if (end < _index.Confirmed.Offset)
            throw JournalErrors.Shorter(_path, end, _index.Confirmed);

        if (end == _fold.Position.Offset)
            return;

        _fold.Advance(file, end);
        var torn = end - _fold.Position.Offset;
        if (torn == 0)
            return;

        if (JournalTail.Examine(file, _fold.Position, end) is { } error)
            throw error;

        if (_fold.Position.Offset < _index.Confirmed.Offset)
            throw JournalErrors.Shorter(_path, _fold.Position.Offset, _index.Confirmed);

        // Synced before anything is appended: after a power failure the two must not be found mixed.
        file.Truncate(_fold.Position.Offset);
        file.Sync();
        Interlocked.Add(ref _tornBytesCut, torn);
    }

    private void Decide(JournalFile file, PendingTransaction pending)
    {
        var lines = _lines.Length;
        var released = _fold.State.ReleasedCheckpoints.Count;
        var transaction = new StudyTransaction(_fold.State, _time.GetUtcNow());
        try
        {
            pending.Decide(transaction);
            transaction.ThrowIfBroken();
            _lines.Add(transaction.Events);
        }
        catch (Exception e)
        {
            pending.Failure = e;
            TakeBack(file, lines);
            return;
        }

        _added.AddRange(transaction.Events);
        pending.Version = _fold.State.Version;
        if (_fold.State.ReleasedCheckpoints.Count > released)
            pending.Released = [.. _fold.State.ReleasedCheckpoints.Skip(released)];
    }

    /// <summary>Makes the state what it was before a decision failed, which may have left it half changed.</summary>
    private void TakeBack(JournalFile file, int lines)
    {
        _lines.CutTo(lines);
        var end = _fold.Position.Offset;
        _fold.Reset();
        _fold.Advance(file, end);
        if (_fold.Position.Offset != end)
            throw new TransientStoreException($"{_path} could not be read again up to byte {end}. Run again: nothing is lost.");

        foreach (var recorded in _added)
            _fold.State.Apply(recorded);
    }

    private void Append(JournalFile file)
    {
        var start = _fold.Position.Offset;
        try
        {
            file.Write(_lines.Bytes, start);
            Interlocked.Increment(ref _syncs);
            file.Sync();
        }
        catch (TransientStoreException)
        {
            Cut(file, start);
            throw;
        }

        Interlocked.Add(ref _bytesWritten, _lines.Length);
        _fold.MoveTo(new(_fold.State.Version, start + _lines.Length), LineMark.OfLast(_lines.Bytes, start));
    }

    private static void Cut(JournalFile file, long length)
    {
        try
        {
            file.Truncate(length);
        }
        catch (TransientStoreException)
        {
            // What stays is cut by the next writer if it is torn; a transaction that is whole then counts, although its
            // caller was told that it may not.
        }
    }

    /// <summary>Fails all that began, or all that wait if none could begin.</summary>
    private void FailBatch(Exception exception)
    {
        if (_batch.Count == 0)
        {
            lock (_queue)
            {
                while (_queue.TryDequeue(out var pending))
                {
                    if (pending.TryBegin())
                        _batch.Add(pending);
                }
            }
        }

        foreach (var pending in _batch)
            pending.Fail(PendingTransaction.ForOneCaller(pending.Failure ?? exception));
    }
}
