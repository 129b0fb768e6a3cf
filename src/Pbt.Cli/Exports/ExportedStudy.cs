using Pbt.Cli.Output;
using Pbt.Core.Population;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;
using Pbt.Storage;

namespace Pbt.Cli.Exports;

/// <summary>What was decided for a member, with what it was and became.</summary>
/// <param name="Version">The event's number in the log.</param>
/// <param name="Time">When.</param>
/// <param name="Member">For whom.</param>
/// <param name="Interval">After which interval.</param>
/// <param name="Action">continue, explore, exploit, rescue, recover or retire.</param>
/// <param name="Donor">From whom it inherited, or null.</param>
/// <param name="Checkpoint">What it goes on from, if that is not its own last; else null.</param>
/// <param name="Before">Its hyperparameters until then.</param>
/// <param name="After">Its hyperparameters from then on.</param>
/// <param name="Source">The interval whose weights or hyperparameters it goes on from; null before anything completed.</param>
/// <param name="SourceIntervals">Intervals in these weights, along their lineage.</param>
internal sealed record DecisionEntry(
    long Version,
    DateTimeOffset Time,
    MemberId Member,
    int Interval,
    string Action,
    MemberId? Donor,
    CheckpointId? Checkpoint,
    Hyperparameters Before,
    Hyperparameters After,
    IntervalRecord? Source,
    int SourceIntervals);

/// <summary>Everything that a study's log says, in the form in which it is exported.</summary>
/// <remarks>Made of one pass over the log, up to its end as it is met. Not thread-safe.</remarks>
internal sealed class ExportedStudy
{
    private readonly List<AttemptHistory> _attempts = [];
    private readonly List<DecisionEntry> _decisions = [];
    private readonly Dictionary<CheckpointId, int> _intervalsIn = [];

    /// <summary>The log's fold.</summary>
    public StudyState State { get; } = new();

    /// <summary>Each member's attempts.</summary>
    public IReadOnlyList<AttemptHistory> Attempts => _attempts;

    /// <summary>All decisions, in the order of the log.</summary>
    public IReadOnlyList<DecisionEntry> Decisions => _decisions;

    /// <summary>Reads a study's log to its end as it is met.</summary>
    /// <exception cref="InvalidRequestException">The log is empty.</exception>
    /// <exception cref="DamagedStoreException">The log is damaged.</exception>
    public static async Task<ExportedStudy> ReadAsync(StudyDirectory directory, IStudyStore store, CancellationToken cancellationToken)
    {
        var study = new ExportedStudy();
        await foreach (var recorded in store.ReadAsync(afterVersion: 0, cancellationToken))
            study.Note(recorded);

        return study.State.Exists ? study : throw StudyLoader.NeverCreated(directory);
    }

    private void Note(RecordedEvent recorded)
    {
        switch (recorded.Event)
        {
            case MemberDecided e:
                Decide(recorded, e.Member, e.Interval, Words.Lower(e.Action), e.Donor, e.Checkpoint);
                break;
            case MemberRecovered e:
                Decide(recorded, e.Member, e.Interval, "recover", e.Donor, e.Checkpoint);
                break;
            case MemberRetired e:
                Decide(recorded, e.Member, e.Interval, "retire", donor: null, checkpoint: null);
                break;
            case IntervalCompleted e:
                var member = State.Find(e.Attempt)!.Member;
                Apply(recorded, member);
                var record = State[member].History[^1];
                _intervalsIn[record.Checkpoint!.Value] = IntervalsIn(record.Start) + 1;
                break;
            case AttemptStarted e:
                Apply(recorded, e.Member);
                break;
            case AttemptFailed e:
                Apply(recorded, State.Find(e.Attempt)!.Member);
                break;
            case AttemptReleased e:
                Apply(recorded, State.Find(e.Attempt)!.Member);
                break;
            default:
                foreach (var attempts in _attempts)
                    attempts.Note(recorded);

                Apply(recorded);
                break;
        }
    }

    private void Decide(RecordedEvent recorded, MemberId id, int interval, string action, MemberId? donor, CheckpointId? checkpoint)
    {
        var member = State[id];
        var before = member.Hyperparameters;
        var from = checkpoint ?? (donor is { } other ? State[other].Latest?.Checkpoint : member.Start);
        var source = from is { } known ? State.Find(known) : null;
        Apply(recorded);
        _decisions.Add(new DecisionEntry(
            recorded.Version, recorded.Time, id, interval, action, donor, checkpoint, before, State[id].Hyperparameters, source, IntervalsIn(from)));
    }

    private void Apply(RecordedEvent recorded, MemberId member)
    {
        _attempts[member.Value].Note(recorded);
        Apply(recorded);
    }

    private void Apply(RecordedEvent recorded)
    {
        State.Apply(recorded);
        for (var i = _attempts.Count; i < State.Members.Count; i++)
            _attempts.Add(new AttemptHistory(new MemberId(i)));
    }

    private int IntervalsIn(CheckpointId? checkpoint) => checkpoint is { } id ? _intervalsIn.GetValueOrDefault(id) : 0;
}
