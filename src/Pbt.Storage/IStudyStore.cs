using System.Collections.Immutable;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;

namespace Pbt.Storage;

/// <summary>Holds one study's log: the only mutable truth there is.</summary>
/// <remarks>
/// <para>Thread-safe. Any number of stores, in any number of processes, may be open on the same log.</para>
/// <para>
/// Every implementation passes the conformance suite in Pbt.Testing. What it promises: transactions are mutually
/// exclusive across processes and see all that was committed before them; a transaction's events are durable when its
/// task completes, all of them or none; versions count 1, 2, … without gaps; readers never block writers.
/// </para>
/// <para>
/// Texts are Unicode: half of a surrogate pair in an event may be read as U+FFFD.
/// </para>
/// </remarks>
public interface IStudyStore : IAsyncDisposable
{
    /// <summary>Reads the committed events after a version, up to the log's end as it is met.</summary>
    /// <remarks>
    /// Whole transactions only. Events of a transaction that is just being committed may be read a moment before they are
    /// durable. If it throws, the events it gave before are in order.
    /// </remarks>
    /// <exception cref="DamagedStoreException">The log holds what pbt did not write; the message names the byte.</exception>
    /// <exception cref="TransientStoreException">It could not be read just now.</exception>
    /// <exception cref="InvalidRequestException">There is no log, it may not be read, or a newer pbt wrote it.</exception>
    IAsyncEnumerable<RecordedEvent> ReadAsync(long afterVersion, CancellationToken cancellationToken = default);

    /// <summary>A state of the caller's own: the fold of the log up to its end as it is met.</summary>
    /// <remarks>
    /// Says the same as folding all of <see cref="ReadAsync"/>, but may be much faster. The caller may keep it and fold what
    /// comes after its version. A store that has a cached fold need not read the events before it again, so what is wrong with
    /// them may go unseen; whoever must know reads them.
    /// </remarks>
    /// <exception cref="DamagedStoreException">The log holds what pbt did not write.</exception>
    /// <exception cref="TransientStoreException">It could not be read just now.</exception>
    /// <exception cref="InvalidRequestException">There is no log, it may not be read, or a newer pbt wrote it.</exception>
    ValueTask<StudyState> LoadAsync(CancellationToken cancellationToken = default);

    /// <summary>Decides on the latest state under mutual exclusion and appends what was decided, durably.</summary>
    /// <param name="decide">
    /// Called at most once, on a thread of the store's choosing; it must be quick, must not block, must not use the store,
    /// and must not keep the transaction or its state. If it throws, nothing is appended and the exception is passed on; that
    /// costs the store a new fold of the log, so a refusal that is to be expected is better returned than thrown.
    /// </param>
    /// <param name="cancellationToken">Takes back a call that has not begun; once it has begun it is carried out.</param>
    /// <returns>What was decided; if that adds no events, the log and its version stay as they are.</returns>
    /// <exception cref="DamagedStoreException">The log holds what pbt did not write; nothing was appended.</exception>
    /// <exception cref="TransientStoreException">
    /// It could not be locked, written or synced just now. The events may nevertheless turn out to be durable if the failure
    /// came after the write; a caller that tries again decides on whatever the log then holds.
    /// </exception>
    /// <exception cref="InvalidRequestException">The log may not be written, or a newer pbt wrote it.</exception>
    ValueTask<Committed<T>> TransactAsync<T>(Func<StudyTransaction, T> decide, CancellationToken cancellationToken = default);

    /// <summary>Completes when the log has grown past a version, by whomever.</summary>
    /// <exception cref="ObjectDisposedException">The store was closed meanwhile.</exception>
    /// <exception cref="PbtException">The log could not be looked at.</exception>
    ValueTask WaitAsync(long afterVersion, CancellationToken cancellationToken = default);
}

/// <summary>What a transaction did.</summary>
/// <param name="Value">What its decision returned.</param>
/// <param name="Version">The log's version after it.</param>
/// <param name="Released">The checkpoints that nobody needs any more because of it.</param>
public sealed record Committed<T>(T Value, long Version, ImmutableArray<CheckpointId> Released);
