using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Storage;

namespace Pbt.Testing.Simulation;

/// <summary>The log of a simulated study, and who waits for it to grow.</summary>
/// <remarks>Used by the world's thread.</remarks>
internal sealed class SimulatedLog(IStudyStore store, StudyAuditor auditor)
{
    private List<(VirtualProcess Process, TaskCompletionSource Grown)> _waiting = [];

    /// <summary>Its version.</summary>
    public long Version { get; private set; }

    /// <summary>Carries out a transaction at once.</summary>
    public async ValueTask<Committed<T>> CommitAsync<T>(VirtualProcess by, Func<StudyTransaction, T> decide)
    {
        var committed = await store.TransactAsync(transaction =>
        {
            var value = decide(transaction);
            auditor.Observe(by, transaction);
            return value;
        });
        if (committed.Version == Version)
            return committed;

        Version = committed.Version;
        var waiting = _waiting;
        _waiting = [];
        foreach (var (process, grown) in waiting)
            process.Do(() => grown.TrySetResult());

        return committed;
    }

    /// <summary>Completes when it has grown past a version.</summary>
    public async ValueTask WaitAsync(VirtualProcess process, long afterVersion, CancellationToken cancellationToken)
    {
        while (Version <= afterVersion)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var grown = new TaskCompletionSource();
            _waiting.Add((process, grown));
            await using var cancelled = cancellationToken.Register(() => grown.TrySetCanceled(cancellationToken));
            await grown.Task;
        }
    }

    /// <summary>Its events.</summary>
    public IAsyncEnumerable<RecordedEvent> ReadAsync(long afterVersion, CancellationToken cancellationToken) => store.ReadAsync(afterVersion, cancellationToken);

    /// <summary>The fold of its events.</summary>
    public ValueTask<StudyState> LoadAsync(CancellationToken cancellationToken) => store.LoadAsync(cancellationToken);

    /// <summary>Its events, at once.</summary>
    public IEnumerable<RecordedEvent> Events() => store.ReadAsync(0).ToBlockingEnumerable();
}
