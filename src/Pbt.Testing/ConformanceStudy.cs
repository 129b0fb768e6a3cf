using System.Collections.Immutable;
using Pbt.Core.Population;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Testing;

/// <summary>A small study for suites that need a log with everything in it.</summary>
/// <remarks>Stateless; the events follow from each other, so that any prefix can be folded.</remarks>
public static class ConformanceStudy
{
    /// <summary>Texts that break careless codecs.</summary>
    public static readonly ImmutableArray<string> HostileTexts =
    [
        "", " ", "\"", "\\", "\\\"", "line\nbreak", "\r\n", "\t\0\u0001\u007f\u0085\u2028\u2029\ufeff", "{\"version\":1}\n", ",\"checksum\":\"00000000\"}\n",
        "äöü ß 漢字 🙂 e\u0301", "</script><!-- & -->", "'; DROP TABLE events; --", "%s %n {0} $1", new string('x', 100_000), "\u202eright to left",
    ];

    /// <summary>The study's spec: two members, and a hyperparameter of each kind.</summary>
    public static readonly StudySpec Spec = new()
    {
        Name = "conformance",
        Seed = 7,
        Population = 2,
        Objective = new("score", Goal.Maximize),
        Interval = new(Steps: 10, Seconds: null),
        Budget = new(Intervals: 1000),
        Hyperparameters = new(
        [
            new FloatHyperparameter("learning_rate", 1e-5, 1, Scale.Log),
            new IntHyperparameter("epochs", 1, 10, Scale.Linear),
            new CategoricalHyperparameter("optimizer", [HyperparameterValue.Of("adam"), HyperparameterValue.Of("sgd \"ü\"")]),
            new BoolHyperparameter("normalize"),
        ]),
        Trainer = new CommandTrainerSpec
        {
            Command = [new CommandArgument(["train", "{learning_rate}"], Droppable: false)],
            WorkingDirectory = "/tmp",
            Environment = ImmutableSortedDictionary<string, VariableValue>.Empty
                .Add("KEY", new FromEnvironmentValue("MY_KEY"))
                .Add("TEXT", new TextValue("a \"b\"={learning_rate}\n")),
        },
        Checkpoints = new(KeepLast: 1, KeepBest: 1),
    };

    /// <summary>Some hyperparameters; different ones for different numbers.</summary>
    public static Hyperparameters Values(int number) => new(
    [
        new("learning_rate", HyperparameterValue.Of(number == 0 ? 1.0 : 1e-5 * (number + (1.0 / 3)))),
        new("epochs", HyperparameterValue.Of(1L + (number % 10))),
        new("optimizer", HyperparameterValue.Of(number % 2 == 0 ? "adam" : "sgd \"ü\"")),
        new("normalize", HyperparameterValue.Of(number % 2 == 0)),
    ]);

    /// <summary>The events that create it.</summary>
    public static ImmutableArray<StudyEvent> Creation() =>
        [new StudyCreated(StudyCreated.CurrentFormat, Spec, "1.0"), new MemberCreated(new(0), Values(0)), new MemberCreated(new(1), Values(1))];

    /// <summary>At least one event of every kind, with what is optional both present and absent.</summary>
    public static ImmutableArray<StudyEvent> EveryEvent()
    {
        MemberId first = new(0), second = new(1), third = new(2);
        WorkerId alice = new("alice-1"), bob = new("bob_2.x");
        var metrics = ImmutableSortedDictionary<string, double>.Empty.Add("loss", 0.1).Add("nan", double.NaN).Add("inf", double.NegativeInfinity).Add("\"ü\n", -0.0);
        var spec = Spec with { Initial = new RandomInitial { Candidates = 3 } };
        return
        [
            new StudyCreated(StudyCreated.CurrentFormat, spec, "1.0"),
            new MemberCreated(first, Values(0)),
            new MemberCreated(second, Values(1)),
            new MemberCreated(third, Values(5)),
            new WorkerJoined(alice, "host", 17, "b00t", 123456789012, 4),
            new WorkerJoined(bob, "ho\\st", 18, BootId: null, 0, 1),
            new StudyPaused(),
            new StudyResumed(),
            new AttemptStarted(new(1), first, 1, alice, CheckpointIn: null, 42),
            new IntervalCompleted(new(1), 1.0 / 3, 10, 0.1, [1, -0.0, double.Epsilon, double.MaxValue], metrics),
            new MemberDecided(first, 1, MemberAction.Explore, Donor: null, Checkpoint: null, Values(2)),
            new AttemptStarted(new(2), second, 1, bob, CheckpointIn: null, int.MaxValue - 1),
            new AttemptReleased(new(2), "pre-empted"),
            new AttemptStarted(new(3), second, 1, bob, CheckpointIn: null, 43),
            new AttemptFailed(new(3), FailureKind.TimedOut, "30 minutes", "last\nlines", Exhausted: false),
            new AttemptStarted(new(4), second, 1, bob, CheckpointIn: null, 44),
            new AttemptFailed(new(4), FailureKind.Crashed, "exit status 1", LogTail: null, Exhausted: true),
            new MemberDecided(second, 1, MemberAction.Rescue, first, new(first, 1, new(1)), Values(3)) { Proposal = new(5, "0a1b") },
            new AttemptStarted(new(5), first, 2, alice, new CheckpointId(first, 1, new(1)), 45),
            new IntervalCompleted(new(5), -1e300, 10, 0, [], ImmutableSortedDictionary<string, double>.Empty),
            new MemberDecided(first, 2, MemberAction.Continue, Donor: null, Checkpoint: null, Hyperparameters: null),
            new AttemptStarted(new(6), third, 1, alice, CheckpointIn: null, 46),
            new IntervalCompleted(new(6), 0.5, 10, 0, [], ImmutableSortedDictionary<string, double>.Empty),
            new MemberRetired(third, 1),
            new CheckpointDamaged(new(first, 2, new(5)), "'state' has 3 bytes, but was published with 4"),
            new MemberRecovered(first, 2, Donor: null, new CheckpointId(first, 1, new(1)), Hyperparameters: null),
            new CheckpointDamaged(new(first, 1, new(1)), "it is missing"),
            new MemberRecovered(first, 2, second, Checkpoint: null, Values(4)),
            new WorkerLost(alice, "its heartbeat stood still"),
            new WorkerLeft(bob),
            new SpecChanged(spec with { Budget = new(Intervals: 2000, WallClock: TimeSpan.FromHours(1)) }, ["budget.intervals", "budget.wall_clock"]),
            new StudyStopped(),
            new StudyResumed(),
            new LogRepaired(12, new(40), "line 30 of the journal was damaged"),
            new StudyEnded(StudyOutcome.Failed, "no member can make progress"),
        ];
    }
}
