using Pbt.Core.Studies;

namespace Pbt.Core.Population;

/// <summary>What state a study is in.</summary>
public enum StudyPhase
{
    /// <summary>Nothing has run yet.</summary>
    Created,

    /// <summary>Attempts may start.</summary>
    Running,

    /// <summary>No new attempts start until it is resumed.</summary>
    Paused,

    /// <summary>A limit of its budget was reached.</summary>
    Completed,

    /// <summary>Nothing could make progress any more.</summary>
    Failed,

    /// <summary>A user ended it.</summary>
    Stopped,
}

/// <summary>The best score so far and who reached it.</summary>
/// <param name="Member">Which member.</param>
/// <param name="Record">At which interval, with which checkpoint.</param>
public sealed record BestInterval(MemberId Member, IntervalRecord Record);

/// <summary>A study as its log has it: the fold of its events.</summary>
/// <remarks>
/// Not thread-safe and changed in place by <see cref="Apply(RecordedEvent)"/>: read it inside a transaction of its store, or make a
/// fold of your own from the store's events.
/// </remarks>
public sealed partial class StudyState
{
    private readonly List<MemberState> _members = [];
    private readonly Dictionary<AttemptId, RunningAttempt> _attempts = [];
    private readonly OrderedDictionary<WorkerId, WorkerState> _workers = [];
    private readonly List<BestInterval> _best = [];
    private readonly CheckpointLedger _ledger = new();
    private readonly List<Queue<CheckpointId>> _kept = [];
    private StudySpec? _spec;

    /// <summary>The state of an empty log.</summary>
    public StudyState()
    {
    }

    /// <summary>Whether the log has its first event.</summary>
    public bool Exists => _spec is not null;

    /// <summary>What the study is to do.</summary>
    /// <exception cref="InvalidOperationException">The log is empty.</exception>
    public StudySpec Spec => _spec ?? throw new InvalidOperationException("The study's log is empty.");

    /// <summary>The number of the event that set the spec: it changes when the spec does.</summary>
    public long SpecVersion { get; private set; }

    /// <summary>The number of the last event.</summary>
    public long Version { get; private set; }

    /// <summary>When the last event was written.</summary>
    public DateTimeOffset LastTime { get; private set; }

    /// <summary>When the study was created.</summary>
    public DateTimeOffset Created { get; private set; }

    /// <summary>What state it is in.</summary>
    public StudyPhase Phase { get; private set; }

    /// <summary>Why it ended, or null.</summary>
    public string? EndReason { get; private set; }

    /// <summary>Whether it has ended, by itself or by a user.</summary>
    public bool HasEnded => Phase is StudyPhase.Completed or StudyPhase.Failed or StudyPhase.Stopped;

    /// <summary>The members, by their index.</summary>
    public IReadOnlyList<MemberState> Members => _members;

    /// <summary>Whether the members are still candidates, of which the best are yet to be chosen.</summary>
    public bool AreCandidates => _spec is { } spec && spec.FirstMembers > spec.Population && _members.Count > 0 && _members[^1].Phase != MemberPhase.Retired;

    /// <summary>The running attempts.</summary>
    public IReadOnlyCollection<RunningAttempt> Attempts => _attempts.Values;

    /// <summary>The workers that count as alive, in the order in which they joined.</summary>
    public IReadOnlyList<WorkerState> Workers => _workers.Values;

    /// <summary>The best completed intervals whose checkpoints are kept, best first.</summary>
    public IReadOnlyList<BestInterval> BestIntervals => _best;

    /// <summary>The best completed interval, or null.</summary>
    public BestInterval? Best => _best.Count > 0 ? _best[0] : null;

    /// <summary>The number that the next attempt gets.</summary>
    public AttemptId NextAttempt { get; private set; } = new(1);

    /// <summary>Completed intervals of all members.</summary>
    public long CompletedIntervals { get; private set; }

    /// <summary>Failed intervals of all members.</summary>
    public long FailedIntervals { get; private set; }

    /// <summary>Trainer steps of all completed intervals.</summary>
    public long TotalSteps { get; private set; }

    /// <summary>Time in which attempts were running, by the writers' clocks.</summary>
    public TimeSpan ActiveTime { get; private set; }

    /// <summary>The checkpoints that somebody needs.</summary>
    public IReadOnlyCollection<CheckpointId> LiveCheckpoints => _ledger.Live;

    /// <summary>The checkpoints that nobody needs any more, in the order in which that came to be.</summary>
    public IReadOnlyList<CheckpointId> ReleasedCheckpoints => _ledger.Released;

    /// <summary>The checkpoints found damaged or missing, with what is wrong; none of them is live or released.</summary>
    public IReadOnlyDictionary<CheckpointId, string> DamagedCheckpoints => _ledger.Damaged;

    /// <summary>Whether the checkpoint was found damaged or missing.</summary>
    public bool IsDamaged(CheckpointId? id) => id is { } known && _ledger.Damaged.ContainsKey(known);

    /// <summary>Whether somebody needs the checkpoint.</summary>
    public bool IsLive(CheckpointId id) => _ledger.IsLive(id);

    /// <summary>The member of this id.</summary>
    public MemberState this[MemberId id] => _members[id.Value];

    /// <summary>The running attempt of this number, or null.</summary>
    public RunningAttempt? Find(AttemptId id) => _attempts.GetValueOrDefault(id);

    /// <summary>The worker of this name if it counts as alive, or null.</summary>
    public WorkerState? Find(WorkerId id) => _workers.GetValueOrDefault(id);

    /// <summary>The place of this worker among <see cref="Workers"/>, or −1.</summary>
    public int PlaceOf(WorkerId id) => _workers.IndexOf(id);

    /// <summary>The interval that produced the checkpoint, or null if the log has none.</summary>
    public IntervalRecord? Find(CheckpointId id)
    {
        if (id.Member.Value < 0 || id.Member.Value >= _members.Count)
            return null;

        var history = _members[id.Member.Value].History;
        return id.Interval >= 1 && id.Interval <= history.Count && history[id.Interval - 1] is { } record && record.Checkpoint == id ? record : null;
    }

    /// <summary>Whether this attempt completed its interval.</summary>
    public bool HasCompleted(AttemptId id)
    {
        foreach (var member in _members)
        {
            // A member's attempts are numbered in the order of its intervals.
            var i = member.History.Count - 1;
            while (i >= 0 && member.History[i].Attempt.Value > id.Value)
                i--;

            if (i >= 0 && member.History[i].Attempt == id)
                return member.History[i].Score is not null;
        }

        return false;
    }

    /// <summary>Ended intervals of the member that is furthest behind, terminally failed and retired members left out.</summary>
    public int SlowestIntervals()
    {
        var slowest = int.MaxValue;
        foreach (var member in _members)
        {
            if (member.Phase is not (MemberPhase.Failed or MemberPhase.Retired) && member.Intervals < slowest)
                slowest = member.Intervals;
        }

        return slowest == int.MaxValue ? 0 : slowest;
    }

    /// <summary>The time in which attempts were running, counted up to now.</summary>
    public TimeSpan ActiveTimeAt(DateTimeOffset now) =>
        _attempts.Count > 0 && now > LastTime ? ActiveTime + (now - LastTime) : ActiveTime;

    /// <summary>The fold of these events.</summary>
    public static StudyState Fold(IEnumerable<RecordedEvent> events)
    {
        var state = new StudyState();
        foreach (var recorded in events)
            state.Apply(recorded);

        return state;
    }
}
