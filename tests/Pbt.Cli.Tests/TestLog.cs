using System.Runtime.CompilerServices;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Storage;
using Pbt.Storage.Memory;

namespace Pbt.Cli.Tests;

/// <summary>A log in memory that tests write, read and forge without awaiting.</summary>
internal sealed class TestLog(TimeProvider time)
{
    private readonly MemoryStudyLog _log = new();
    private readonly Dictionary<long, StudyEvent> _forged = [];

    public IReadOnlyList<RecordedEvent> Events => [.. Open().ReadAsync(afterVersion: 0).ToBlockingEnumerable()];

    public StudyState State => StudyState.Fold(Events);

    public IStudyStore Open() => new ForgedStore(new MemoryStudyStore(_log, time), _forged);

    public T Transact<T>(Func<StudyTransaction, T> decide) => Open().TransactAsync(decide).AsTask().GetAwaiter().GetResult().Value;

    /// <summary>Lets readers find another event in the place of one.</summary>
    public void Forge(long version, StudyEvent happened) => _forged[version] = happened;

    private sealed class ForgedStore(MemoryStudyStore store, Dictionary<long, StudyEvent> forged) : IStudyStore
    {
        public async IAsyncEnumerable<RecordedEvent> ReadAsync(long afterVersion, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await foreach (var recorded in store.ReadAsync(afterVersion, cancellationToken))
                yield return forged.TryGetValue(recorded.Version, out var other) ? recorded with { Event = other } : recorded;
        }

        public ValueTask<StudyState> LoadAsync(CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(StudyState.Fold(ReadAsync(afterVersion: 0, cancellationToken).ToBlockingEnumerable(cancellationToken)));

        public ValueTask<Committed<T>> TransactAsync<T>(Func<StudyTransaction, T> decide, CancellationToken cancellationToken = default) =>
            store.TransactAsync(decide, cancellationToken);

        public ValueTask WaitAsync(long afterVersion, CancellationToken cancellationToken = default) => store.WaitAsync(afterVersion, cancellationToken);

        public ValueTask DisposeAsync() => store.DisposeAsync();
    }
}
