using Pbt.Core.Population;

namespace Pbt.Cli.Output;

/// <summary>One attempt of a member, from its start to its end.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Interval">The interval that it ran.</param>
/// <param name="Worker">Who ran it.</param>
/// <param name="Started">When it began.</param>
/// <param name="Ended">When it ended, or null while it runs.</param>
/// <param name="Outcome">running, completed, failed, released or lost.</param>
/// <param name="Reason">Why it did not complete, or null.</param>
internal sealed record AttemptEntry(
    AttemptId Id, int Interval, WorkerId Worker, DateTimeOffset Started, DateTimeOffset? Ended, string Outcome, string? Reason);

/// <summary>All attempts of one member, those included that the fold forgets.</summary>
internal sealed class AttemptHistory(MemberId member)
{
    private readonly List<AttemptEntry> _attempts = [];

    /// <summary>The attempts in the order of their numbers.</summary>
    public IReadOnlyList<AttemptEntry> Attempts => _attempts;

    /// <summary>Notes an event, in the order of the log.</summary>
    public void Note(RecordedEvent recorded)
    {
        switch (recorded.Event)
        {
            case AttemptStarted e when e.Member == member:
                _attempts.Add(new AttemptEntry(e.Attempt, e.Interval, e.Worker, recorded.Time, Ended: null, "running", Reason: null));
                break;
            case IntervalCompleted e:
                End(recorded, a => a.Id == e.Attempt, "completed", reason: null);
                break;
            case AttemptFailed e:
                End(recorded, a => a.Id == e.Attempt, "failed", e.Reason);
                break;
            case AttemptReleased e:
                End(recorded, a => a.Id == e.Attempt, "released", e.Reason);
                break;
            case WorkerLost e:
                End(recorded, a => a.Worker == e.Worker, "lost", $"its worker was lost: {e.Reason}");
                break;
            case LogRepaired:
                End(recorded, static _ => true, "lost", "the study's log was repaired");
                break;
            case WorkerLeft e:
                End(recorded, a => a.Worker == e.Worker, "released", "its worker left");
                break;
            case StudyStopped:
                End(recorded, static _ => true, "released", "the study was stopped");
                break;
            case StudyEnded:
                End(recorded, static _ => true, "released", "the study ended");
                break;
            default:
                break;
        }
    }

    /// <summary>A member has one running attempt at most, and it is the last.</summary>
    private void End(RecordedEvent recorded, Predicate<AttemptEntry> matches, string outcome, string? reason)
    {
        if (_attempts.Count > 0 && _attempts[^1] is { Ended: null } last && matches(last))
            _attempts[^1] = last with { Ended = recorded.Time, Outcome = outcome, Reason = reason };
    }
}
