using System.Runtime.CompilerServices;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;

namespace Pbt.Storage.Memory;

/// <summary>A study's log in memory, for tests and simulations.</summary>
/// <remarks>
/// Thread-safe. Decisions run on the caller's thread, and a transaction is complete when the call returns: under a
/// virtual clock everything happens in one order. Nothing outlives the process.
/// </remarks>
public sealed class MemoryStudyStore : IStudyStore
{
    private readonly MemoryStudyLog _log;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _closing = new();

    /// <summary>Opens a log.</summary>
    public MemoryStudyStore(MemoryStudyLog log, TimeProvider time)
    {
        _log = log;
        _time = time;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RecordedEvent> ReadAsync(long afterVersion, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        List<RecordedEvent> events;
        lock (_log.Gate)
        {
            var skipped = (int)Math.Clamp(afterVersion, 0, _log.Events.Count);
            events = _log.Events.GetRange(skipped, _log.Events.Count - skipped);
        }

        foreach (var recorded in events)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return recorded;
        }
    }

    /// <inheritdoc/>
    public ValueTask<StudyState> LoadAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<StudyState>(cancellationToken);

        List<RecordedEvent> events;
        lock (_log.Gate)
            events = [.. _log.Events];

        return ValueTask.FromResult(StudyState.Fold(events));
    }

    /// <inheritdoc/>
    public ValueTask<Committed<T>> TransactAsync<T>(Func<StudyTransaction, T> decide, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(decide);
        ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);
        lock (_log.Gate)
        {
            if (cancellationToken.IsCancellationRequested)
                return ValueTask.FromCanceled<Committed<T>>(cancellationToken);

            try
            {
                return ValueTask.FromResult(Transact(decide));
            }
            catch (Exception e)
            {
                // It may have changed the state before it failed.
                _log.State = StudyState.Fold(_log.Events);
                return ValueTask.FromException<Committed<T>>(e);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask WaitAsync(long afterVersion, CancellationToken cancellationToken = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        while (true)
        {
            Task grown;
            lock (_log.Gate)
            {
                if (_log.Events.Count > afterVersion)
                    return;

                grown = _log.Grown.Task;
            }

            await grown.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            cancellationToken.ThrowIfCancellationRequested();
            ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _closing.CancelAsync();

    private Committed<T> Transact<T>(Func<StudyTransaction, T> decide)
    {
        var released = _log.State.ReleasedCheckpoints.Count;
        var transaction = new StudyTransaction(_log.State, _time.GetUtcNow());
        var value = decide(transaction);
        transaction.ThrowIfBroken();
        _log.Events.AddRange(transaction.Events);
        if (transaction.Events.Count > 0)
        {
            var grown = _log.Grown;
            _log.Grown = new(TaskCreationOptions.RunContinuationsAsynchronously);
            grown.TrySetResult();
        }

        return new(value, _log.State.Version, [.. _log.State.ReleasedCheckpoints.Skip(released)]);
    }
}
