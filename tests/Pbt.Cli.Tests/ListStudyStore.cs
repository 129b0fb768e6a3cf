using System.Runtime.CompilerServices;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Storage;

namespace Pbt.Cli.Tests;

/// <summary>A log in memory that tests can read and forge.</summary>
internal sealed class ListStudyStore(TimeProvider time) : IStudyStore
{
    private readonly Lock _lock = new();
    private readonly List<RecordedEvent> _events = [];
    private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<RecordedEvent> Events
    {
        get
        {
            lock (_lock)
                return [.. _events];
        }
    }

    public StudyState State => StudyState.Fold(Events);

    public T Transact<T>(Func<StudyTransaction, T> decide)
    {
        lock (_lock)
        {
            var transaction = new StudyTransaction(StudyState.Fold(_events), time.GetUtcNow());
            var value = decide(transaction);
            Append(transaction.Events);
            return value;
        }
    }

    /// <summary>Puts another event in the place of one.</summary>
    public void Forge(int version, StudyEvent happened)
    {
        lock (_lock)
            _events[version - 1] = _events[version - 1] with { Event = happened };
    }

    public async IAsyncEnumerable<RecordedEvent> ReadAsync(long afterVersion, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        foreach (var recorded in Events.Skip((int)afterVersion))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return recorded;
        }
    }

    public ValueTask<Committed<T>> TransactAsync<T>(Func<StudyTransaction, T> decide, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(new Committed<T>(Transact(decide), Events.Count, []));

    public async ValueTask WaitAsync(long afterVersion, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task grown;
            lock (_lock)
            {
                if (_events.Count > afterVersion)
                    return;

                grown = _grown.Task;
            }

            await grown.WaitAsync(cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Append(IReadOnlyList<RecordedEvent> added)
    {
        if (added.Count == 0)
            return;

        _events.AddRange(added);
        _grown.SetResult();
        _grown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
