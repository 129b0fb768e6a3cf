using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Storage;

namespace Pbt.Testing.Simulation;

/// <summary>Tells the auditor what callers are told.</summary>
internal sealed class AuditedStore(IStudyStore inner, SimulatedLog log, StudyAuditor auditor) : IStudyStore
{
    /// <inheritdoc/>
    public IAsyncEnumerable<RecordedEvent> ReadAsync(long afterVersion, CancellationToken cancellationToken = default) => inner.ReadAsync(afterVersion, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StudyState> LoadAsync(CancellationToken cancellationToken = default) => inner.LoadAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<Committed<T>> TransactAsync<T>(Func<StudyTransaction, T> decide, CancellationToken cancellationToken = default)
    {
        var committed = await inner.TransactAsync(decide, cancellationToken);
        auditor.Acknowledged(committed.Version, log.Version);
        return committed;
    }

    /// <inheritdoc/>
    public ValueTask WaitAsync(long afterVersion, CancellationToken cancellationToken = default) => inner.WaitAsync(afterVersion, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
