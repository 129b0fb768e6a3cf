using System.Globalization;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;

namespace Pbt.Testing.Simulation;

/// <summary>Watches a study from outside and says when something happens that never may.</summary>
/// <remarks>
/// It keeps its own account of attempts, workers and intervals, simpler than the fold's and independent of it, and compares
/// at each event. Used by the world's thread.
/// </remarks>
internal sealed partial class StudyAuditor(VirtualWorld world, CheckpointVault vault)
{
    private const int Remembered = 60;
    private const int SmallPopulation = 64;

    private readonly List<AuditedMember> _members = [];
    private readonly Dictionary<AttemptId, AuditedAttempt> _running = [];
    private readonly Dictionary<WorkerId, int> _workers = [];
    private readonly Dictionary<AttemptId, VirtualProcess> _training = [];
    private readonly Queue<string> _recent = new();
    private StudySpec? _spec;
    private StudyPhase _phase;
    private long _lastAttempt;
    private bool _hasReopened; // A failed member that a user lets try again comes behind the others.

    /// <summary>What happened that never may, or null.</summary>
    public string? Violation { get; private set; }

    /// <summary>The study as it is.</summary>
    public StudyState State { get; private set; } = new();

    /// <summary>Events so far.</summary>
    public long Events { get; private set; }

    /// <summary>Completed intervals so far.</summary>
    public long Completed { get; private set; }

    /// <summary>When an interval last ended, or the study's state last changed.</summary>
    public TimeSpan LastProgress { get; private set; }

    /// <summary>A number that differs if anything happened differently, or at another time.</summary>
    public ulong Fingerprint { get; private set; } = 14695981039346656037;

    /// <summary>The last events and faults, oldest first.</summary>
    public IEnumerable<string> Recent => _recent;

    /// <summary>Notes something for whoever looks into a violation.</summary>
    public void Note(string what)
    {
        if (_recent.Count == Remembered)
            _recent.Dequeue();

        _recent.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{world.Now.TotalSeconds,12:F3} s  {what}"));
    }

    /// <summary>Says that something happened that never may.</summary>
    public void Violate(string what)
    {
        Violation ??= string.Create(CultureInfo.InvariantCulture, $"at {world.Now.TotalSeconds:F3} s: {what}");
        Note($"VIOLATION: {what}");
    }

    /// <summary>Looks at a transaction that is about to be committed.</summary>
    public void Observe(VirtualProcess by, StudyTransaction transaction)
    {
        State = transaction.State;
        foreach (var recorded in transaction.Events)
        {
            Events++;
            Expect(recorded.Version == Events, $"event {recorded.Version} is the log's {Events}th");
            Fingerprint = (((Fingerprint ^ (ulong)recorded.Time.Ticks) * 1099511628211) ^ (ulong)by.Number) * 1099511628211;
            if (Violation is null)
                Note($"p{by.Number}  {recorded.Version}  {Short(recorded.Event)}");

            Account(by, recorded.Event);
        }
    }

    /// <summary>A caller was told that the log has come to this version.</summary>
    public void Acknowledged(long version, long actual) =>
        Expect(version <= actual, $"a worker was told that event {version} is in the log, which ends at {actual}");

    /// <summary>A process is about to delete a published checkpoint.</summary>
    public void Deleting(VirtualProcess by, CheckpointId id) =>
        Expect(!State.IsLive(id), $"p{by.Number} deletes {id}, which is needed");

    /// <summary>A process finds no checkpoint where it is to start.</summary>
    public void Missing(VirtualProcess by, CheckpointId id) =>
        Expect(!State.IsLive(id), $"p{by.Number} does not find {id}, which is needed");

    /// <summary>A trainer begins.</summary>
    public void Training(VirtualProcess by, Assignment assignment)
    {
        if (_training.TryGetValue(assignment.Attempt, out var other))
            Expect(other.Fate == VirtualFate.Dead, $"p{by.Number} and p{other.Number} train {assignment.Attempt} at once");

        Expect(assignment.Attempt.Value <= _lastAttempt, $"p{by.Number} trains {assignment.Attempt}, which the log does not know");
        _training[assignment.Attempt] = by;
    }

    /// <summary>A trainer has ended.</summary>
    public void Trained(VirtualProcess by, Assignment assignment)
    {
        if (_training.TryGetValue(assignment.Attempt, out var trainer) && trainer == by)
            _training.Remove(assignment.Attempt);
    }

    /// <summary>Says so if an attempt has been running in the log for longer than this, and nobody trains it.</summary>
    public void CheckNothingIsLeaked(TimeSpan longest)
    {
        foreach (var (id, attempt) in _running)
        {
            var isTrained = _training.TryGetValue(id, out var by) && by.Fate == VirtualFate.Running;
            Expect(isTrained || world.Now - attempt.Since < longest, $"{id} of {attempt.Member} is running at {attempt.Worker} in the log, and nobody has trained it for {longest}");
        }
    }

    /// <summary>Compares the account with a fold of the log.</summary>
    public void CheckAccount(StudyState state)
    {
        Expect(state.Version == Events, $"the log has {state.Version} events, and {Events} were committed");
        for (var i = 0; i < _members.Count && i < state.Members.Count; i++)
        {
            var history = state.Members[i].History.Select(static record => record.Checkpoint);
            Expect(history.SequenceEqual(_members[i].Ended), $"the intervals of m{i} are not those that were committed");
        }

        foreach (var id in state.LiveCheckpoints)
            Expect(vault.Published.ContainsKey(id), $"{id} is needed and is not there");

        var counted = state.Members.Sum(static m => m.History.Count(static r => r.Score is not null));
        Expect(counted == state.CompletedIntervals && counted == Completed, $"{counted} intervals are completed, {state.CompletedIntervals} counted, {Completed} committed");
    }

    private void Expect(bool holds, FormattableString what)
    {
        if (!holds)
            Violate(what.ToString(CultureInfo.InvariantCulture));
    }

    private static string Short(StudyEvent happened) => happened switch
    {
        StudyCreated => "created",
        SpecChanged e => $"spec changed: {string.Join("; ", e.Changes)}",
        WorkerJoined e => $"{e.Worker} joined",
        IntervalCompleted e => string.Create(CultureInfo.InvariantCulture, $"{e.Attempt} completed with {e.Score:F3}"),
        AttemptStarted e => $"{e.Attempt} of {e.Member} started interval {e.Interval} at {e.Worker} from {e.CheckpointIn}",
        MemberDecided e => $"{e.Member} decided after {e.Interval}: {e.Action} {e.Donor} {e.Checkpoint}",
        _ => happened.ToString(),
    };
}
