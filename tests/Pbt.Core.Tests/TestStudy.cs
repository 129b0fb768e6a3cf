using System.Collections.Immutable;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests;

/// <summary>A study driven by hand: one worker, scores given by the test.</summary>
internal sealed class TestStudy
{
    public static readonly WorkerId Worker = new("w1");

    private readonly MemberDecisions _decisions;

    public TestStudy(StudySpec spec)
    {
        Spec = spec;
        _decisions = new MemberDecisions(spec);
        StudyScheduler.Create(Transaction, spec, "test");
        Join(Worker);
    }

    public static StudySpec AsynchronousSpec { get; } = new()
    {
        Name = "test",
        Seed = 11,
        Population = 4,
        Objective = new Objective("score", Goal.Maximize),
        Interval = new IntervalLength(10, null),
        Budget = new Budget(Intervals: 5),
        Hyperparameters = new SearchSpace([new FloatHyperparameter("lr", 1e-5, 1e-1, Scale.Log)]),
        Exploit = new TruncationExploit(0.25, 0.25),
        Trainer = new BuiltinTrainerSpec("plain"),
    };

    public static StudySpec SynchronousSpec { get; } = AsynchronousSpec with { Mode = StudyMode.Synchronous };

    public StudySpec Spec { get; }

    public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

    public StudyTransaction Transaction { get; private set; } = new(new StudyState(), DateTimeOffset.UnixEpoch);

    public StudyState State => Transaction.State;

    public List<RecordedEvent> Log { get; } = [];

    public MemberState this[int member] => State[new MemberId(member)];

    /// <summary>The last decision taken for a member.</summary>
    public MemberDecided LastDecision(int member) =>
        AllEvents().Select(static e => e.Event).OfType<MemberDecided>().Last(e => e.Member.Value == member);

    public IEnumerable<RecordedEvent> AllEvents() => Log.Concat(Transaction.Events);

    /// <summary>Begins a new transaction at this time.</summary>
    public void At(TimeSpan sinceStart)
    {
        Log.AddRange(Transaction.Events);
        Now = DateTimeOffset.UnixEpoch + sinceStart;
        Transaction = new StudyTransaction(State, Now);
    }

    public void Join(WorkerId worker) =>
        StudyScheduler.Join(Transaction, new WorkerState(worker, "host", 1, BootId: null, StartTime: 0, Slots: 4));

    public Assignment Claim(int? held = null, WorkerId? worker = null) =>
        Assert.IsType<ClaimResult.Claimed>(TryClaim(held, worker)).Assignment;

    public ClaimResult TryClaim(int? held = null, WorkerId? worker = null) =>
        StudyScheduler.Claim(Transaction, worker ?? Worker, held is { } member ? new MemberId(member) : null);

    public ReportResult Complete(Assignment assignment, double score, WorkerId? worker = null, params double[] samples) =>
        Report(assignment, new AttemptResult.Completed(score, 10, TimeSpan.FromSeconds(1), [.. samples], ImmutableSortedDictionary<string, double>.Empty), worker);

    public ReportResult Fail(Assignment assignment, string reason = "boom") =>
        Report(assignment, new AttemptResult.Failed(FailureKind.Crashed, reason, LogTail: null));

    public ReportResult Report(Assignment assignment, AttemptResult result, WorkerId? worker = null) =>
        StudyScheduler.Report(Transaction, worker ?? Worker, assignment.Attempt, result, _decisions);

    /// <summary>Runs one interval of every ready member, with the score that the function gives it.</summary>
    public void RunRound(Func<int, double> score)
    {
        var assignments = new List<Assignment>();
        while (assignments.Count < State.Members.Count && TryClaim() is ClaimResult.Claimed { Assignment: var assignment })
            assignments.Add(assignment);

        foreach (var assignment in assignments)
            Complete(assignment, score(assignment.Member.Value));
    }
}
