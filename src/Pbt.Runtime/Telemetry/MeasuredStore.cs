using System.Collections.Concurrent;
using System.Collections.Immutable;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.SearchSpaces;
using Pbt.Storage;

namespace Pbt.Runtime.Telemetry;

/// <summary>A store that tells what this process has recorded in it, and how long that took.</summary>
/// <remarks>
/// Each event is recorded by one transaction of one process, so that what all processes of a study tell adds up to the study.
/// Thread-safe. Disposing of it closes the store.
/// </remarks>
/// <param name="store">The store.</param>
/// <param name="telemetry">Who is told.</param>
/// <param name="time">The clock.</param>
public sealed class MeasuredStore(IStudyStore store, StudyTelemetry telemetry, TimeProvider time) : IStudyStore
{
    private readonly ConcurrentDictionary<AttemptId, Begun> _begun = [];
    private StudyIdentity? _identity;

    /// <inheritdoc/>
    public IAsyncEnumerable<RecordedEvent> ReadAsync(long afterVersion, CancellationToken cancellationToken = default) => store.ReadAsync(afterVersion, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StudyState> LoadAsync(CancellationToken cancellationToken = default) => store.LoadAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask WaitAsync(long afterVersion, CancellationToken cancellationToken = default) => store.WaitAsync(afterVersion, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => store.DisposeAsync();

    /// <inheritdoc/>
    public async ValueTask<Committed<T>> TransactAsync<T>(Func<StudyTransaction, T> decide, CancellationToken cancellationToken = default)
    {
        var began = time.GetTimestamp();
        CommittedEvents? recorded = null;
        var committed = await store.TransactAsync(
            transaction =>
            {
                var first = transaction.Events.Count;
                var value = decide(transaction);
                recorded = See(transaction, first);
                return value;
            },
            cancellationToken);
        telemetry.Note(recorded, time.GetElapsedTime(began));
        return committed;
    }

    /// <summary>What the decision added; null if the study does not exist yet.</summary>
    private CommittedEvents? See(StudyTransaction transaction, int first)
    {
        var state = transaction.State;
        if (!state.Exists)
            return null;

        _identity ??= StudyIdentity.Of(state);
        var ended = ImmutableArray.CreateBuilder<EndedAttempt>();
        var events = transaction.Events.Skip(first).ToList();
        foreach (var recorded in events)
        {
            if (recorded.Event is AttemptStarted started && state.Find(started.Attempt) is { } running)
                _begun[started.Attempt] = new(running, state[running.Member].Hyperparameters, state[running.Member].Donor);
            else if (EndOf(recorded) is { } end)
                ended.Add(end);
        }

        return new(_identity, [.. events.Select(static recorded => recorded.Event)], ended.ToImmutable(), state.Best?.Record.Score);
    }

    private EndedAttempt? EndOf(RecordedEvent recorded) => recorded.Event switch
    {
        IntervalCompleted e when Take(e.Attempt) is { } begun => begun.Until(recorded.Time, "completed") with { Score = e.Score },
        AttemptFailed e when Take(e.Attempt) is { } begun => begun.Until(recorded.Time, "failed") with { Reason = e.Reason },
        AttemptReleased e when Take(e.Attempt) is { } begun => begun.Until(recorded.Time, "released") with { Reason = e.Reason },
        _ => null,
    };

    private Begun? Take(AttemptId attempt) => _begun.TryRemove(attempt, out var begun) ? begun : null;

    /// <summary>What is known of an attempt that this process began.</summary>
    private sealed record Begun(RunningAttempt Running, Hyperparameters Hyperparameters, MemberId? Donor)
    {
        public EndedAttempt Until(DateTimeOffset time, string outcome) => new(Running, Hyperparameters, Donor, time, outcome);
    }
}
