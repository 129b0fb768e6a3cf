using Pbt.Core.Population;
using Pbt.Core.Studies;

namespace Pbt.Core.Scheduling;

/// <summary>A study's state at one version, and the events that a decision adds to it.</summary>
/// <remarks>
/// A store makes one under mutual exclusion, hands it to a decision, and then appends the events durably or not at all.
/// Each event is folded as it is added, so that a decision sees its own. Not thread-safe.
/// </remarks>
public sealed class StudyTransaction
{
    private readonly List<RecordedEvent> _events = [];
    private bool _isBroken;

    /// <summary>Begins on a state that nobody else uses meanwhile.</summary>
    /// <param name="state">Changed in place; if the events cannot be appended it must be thrown away.</param>
    /// <param name="now">The time that the events are given.</param>
    public StudyTransaction(StudyState state, DateTimeOffset now)
    {
        State = state;
        Now = now;
    }

    /// <summary>The state, the events added so far included.</summary>
    public StudyState State { get; }

    /// <summary>The time that the events are given.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>The events added so far.</summary>
    public IReadOnlyList<RecordedEvent> Events => _events;

    /// <summary>Adds an event.</summary>
    /// <exception cref="InvalidOperationException">The event does not follow from the state: the decision is wrong.</exception>
    public void Add(StudyEvent happened)
    {
        var recorded = new RecordedEvent(State.Version + 1, Now, happened);
        try
        {
            State.Apply(recorded);
        }
        catch (DamagedStoreException error)
        {
            _isBroken = true;
            throw new InvalidOperationException($"A decision added what does not follow: {happened}", error);
        }

        _events.Add(recorded);
    }

    /// <summary>For the store, after a decision: throws if one of its events did not follow, even if it went on regardless.</summary>
    /// <exception cref="InvalidOperationException">The state is half changed and must be thrown away.</exception>
    public void ThrowIfBroken()
    {
        if (_isBroken)
            throw new InvalidOperationException("A decision added what does not follow, and went on regardless.");
    }
}
