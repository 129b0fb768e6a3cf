using Pbt.Core.Population;
using Pbt.Core.Wording;

namespace Pbt.Dashboard.Views;

/// <summary>A study's log, folded into what the page shows: tables that only grow, each row with the event that made it.</summary>
/// <remarks>
/// So what is new since any version is the end of each table. Not thread-safe: the <see cref="Live.StudyFeed"/> guards it.
/// </remarks>
internal sealed class StudyView
{
    private readonly List<long> _changed = [];
    private long _allChanged;

    /// <summary>The fold of the log.</summary>
    public StudyState State { get; } = new();

    /// <summary>The ended intervals.</summary>
    public IntervalTable Intervals { get; } = new();

    /// <summary>The sets of hyperparameters.</summary>
    public HyperparameterTable Sets { get; } = new();

    /// <summary>The workers.</summary>
    public WorkerTable Workers { get; } = new();

    /// <summary>The attempts that did not complete.</summary>
    public AttemptTable Attempts { get; } = new();

    /// <summary>The latest events in words.</summary>
    public NewsFeed News { get; } = new();

    /// <summary>How many times a member took another's weights or hyperparameters, or went back.</summary>
    public long Exploits { get; private set; }

    /// <summary>How many times a failed member was given a donor.</summary>
    public long Rescues { get; private set; }

    /// <summary>The number of the last event about a member.</summary>
    public long ChangedAt(int member) => Math.Max(_changed[member], _allChanged);

    /// <summary>When the log began.</summary>
    public DateTimeOffset Origin { get; private set; }

    /// <summary>Milliseconds from the log's beginning to a time.</summary>
    public long Since(DateTimeOffset time) => (long)Math.Round((time - Origin).TotalMilliseconds);

    /// <summary>Folds the next event.</summary>
    /// <exception cref="Core.Studies.DamagedStoreException">It does not follow from those before it.</exception>
    public void Apply(RecordedEvent recorded)
    {
        State.Check(recorded);
        if (recorded.Version == 1)
            Origin = recorded.Time;

        if (EventWords.Of(recorded, State) is { } said)
            News.Add(recorded.Version, said);

        var ended = EndedBy(recorded.Event);
        State.Apply(recorded);
        After(recorded, ended);
    }

    /// <summary>The attempts that the event is about to end, which the fold then forgets.</summary>
    private List<RunningAttempt> EndedBy(StudyEvent happened) => happened switch
    {
        IntervalCompleted e => [State.Find(e.Attempt)!],
        AttemptFailed e => [State.Find(e.Attempt)!],
        AttemptReleased e => [State.Find(e.Attempt)!],
        WorkerLeft e => Of(e.Worker),
        WorkerLost e => Of(e.Worker),
        StudyStopped or StudyEnded or LogRepaired => [.. State.Attempts.OrderBy(static a => a.Id)],
        _ => [],
    };

    private List<RunningAttempt> Of(WorkerId worker) => [.. State.Attempts.Where(a => a.Worker == worker).OrderBy(static a => a.Id)];

    private void After(RecordedEvent recorded, List<RunningAttempt> ended)
    {
        var version = recorded.Version;
        switch (recorded.Event)
        {
            case MemberCreated e:
                _changed.Add(version);
                Intervals.AddMember();
                Attempts.AddMember();
                Sets.AddMember(version, e.Hyperparameters);
                break;
            case WorkerJoined e:
                Workers.Join(version, e, Since(recorded.Time));
                break;
            case AttemptStarted e:
                Attempts.Start(e);
                Touch(version, e.Member);
                break;
            case IntervalCompleted:
                AddInterval(recorded, ended[0]);
                break;
            case AttemptFailed e:
                Unfinished(recorded, ended[0], "failed", e.Reason);
                if (e.Exhausted)
                    AddInterval(recorded, ended[0]);
                break;
            case AttemptReleased e:
                Unfinished(recorded, ended[0], "released", e.Reason);
                break;
            case MemberDecided e:
                Exploits += e.Action == MemberAction.Exploit ? 1 : 0;
                Rescues += e.Action == MemberAction.Rescue ? 1 : 0;
                Change(version, e.Member, e.Hyperparameters);
                break;
            case MemberRecovered e:
                Change(version, e.Member, e.Hyperparameters);
                break;
            default:
                AfterOthers(recorded, ended);
                break;
        }
    }

    private void AfterOthers(RecordedEvent recorded, List<RunningAttempt> ended)
    {
        var (version, time) = (recorded.Version, Since(recorded.Time));
        _allChanged = version;
        var (outcome, reason) = recorded.Event switch
        {
            WorkerLost e => ("lost", $"its worker was lost: {e.Reason}"),
            LogRepaired => ("lost", "the study's log was repaired"),
            WorkerLeft => ("released", "its worker left"),
            StudyStopped => ("released", "the study was stopped"),
            _ => ("released", "the study ended"),
        };
        foreach (var attempt in ended)
            Unfinished(recorded, attempt, outcome, reason);

        switch (recorded.Event)
        {
            case WorkerLeft e:
                Workers.End(version, e.Worker, time, loss: null);
                break;
            case WorkerLost e:
                Workers.End(version, e.Worker, time, e.Reason);
                break;
            case LogRepaired:
                Workers.EndAll(version, time, reason);
                break;
            case StudyResumed:
                Reopen(version);
                break;
            default:
                break;
        }
    }

    /// <summary>A failed study that is resumed opens failed intervals again.</summary>
    private void Reopen(long version)
    {
        foreach (var member in State.Members)
        {
            if (member.Intervals < Intervals.CountOf(member.Id.Value))
                Intervals.Add(new IntervalRow(version, member.Id.Value, IntervalKind.Reopened, double.NaN, double.NaN, -1, -1, 0, 0, -1, 0, 0));
        }
    }

    private void AddInterval(RecordedEvent recorded, RunningAttempt attempt)
    {
        var member = attempt.Member.Value;
        var record = State.Members[member].History[^1];
        Touch(recorded.Version, attempt.Member);
        Intervals.Add(new IntervalRow(
            recorded.Version,
            member,
            record.Score is null ? IntervalKind.Failed : IntervalKind.Completed,
            record.Score ?? double.NaN,
            record.Smoothed ?? double.NaN,
            Intervals.RowOf(record.Start),
            record.Donor?.Value ?? -1,
            Sets.Of(member),
            record.Steps,
            Workers.RowOf(attempt.Worker),
            Since(recorded.Time),
            (long)Math.Round(Math.Clamp(record.Seconds, 0, 1e9) * 1000)));
    }

    private void Unfinished(RecordedEvent recorded, RunningAttempt attempt, string outcome, string reason)
    {
        Touch(recorded.Version, attempt.Member);
        Attempts.End(new UnfinishedAttempt(
            recorded.Version, attempt.Id, attempt.Member.Value, attempt.Interval, Workers.RowOf(attempt.Worker), Since(attempt.Started), Since(recorded.Time), outcome, reason));
    }

    private void Change(long version, MemberId member, Core.SearchSpaces.Hyperparameters? values)
    {
        Touch(version, member);
        if (values is not null)
            Sets.Change(version, member.Value, values);
    }

    private void Touch(long version, MemberId member) => _changed[member.Value] = version;
}
