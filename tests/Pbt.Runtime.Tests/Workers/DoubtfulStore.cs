using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;
using Pbt.Storage;

namespace Pbt.Runtime.Tests.Workers;

/// <summary>A store that carries out every transaction and then says of every other one that adds events that it failed.</summary>
internal sealed class DoubtfulStore(IStudyStore inner) : IStudyStore
{
    private int _transactions;

    public int Failures { get; private set; }

    public IAsyncEnumerable<RecordedEvent> ReadAsync(long afterVersion, CancellationToken cancellationToken = default) =>
        inner.ReadAsync(afterVersion, cancellationToken);

    public async ValueTask<Committed<T>> TransactAsync<T>(Func<StudyTransaction, T> decide, CancellationToken cancellationToken = default)
    {
        var added = 0;
        var committed = await inner.TransactAsync(
            transaction =>
            {
                var value = decide(transaction);
                added = transaction.Events.Count;
                return value;
            },
            cancellationToken);
        if (added == 0 || Interlocked.Increment(ref _transactions) % 2 == 1)
            return committed;

        Failures++;
        throw new TransientStoreException("The connection broke after the commit.");
    }

    public ValueTask<StudyState> LoadAsync(CancellationToken cancellationToken = default) => inner.LoadAsync(cancellationToken);

    public ValueTask WaitAsync(long afterVersion, CancellationToken cancellationToken = default) => inner.WaitAsync(afterVersion, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
