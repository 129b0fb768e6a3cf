using Pbt.Core.Population;

namespace Pbt.Core.Scheduling;

/// <summary>A study's state at one version, and the events that a decision adds to it.</summary>
/// <remarks>
/// A store makes one under mutual exclusion, hands it to a decision, and then appends the events durably or not at all.
/// Each event is folded as it is added, so that a decision sees its own. Not thread-safe.
/// </remarks>
public sealed class StudyTransaction
{
    private readonly List<RecordedEvent> _events = [];

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
    public void Add(StudyEvent happened)
    {
        var recorded = new RecordedEvent(State.Version + 1, Now, happened);
        State.Apply(recorded);
        _events.Add(recorded);
    }
}
