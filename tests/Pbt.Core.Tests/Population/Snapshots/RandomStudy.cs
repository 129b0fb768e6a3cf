using System.Collections.Immutable;
using Pbt.Core.Population;
using Pbt.Core.Randomness;
using Pbt.Core.Scheduling;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Population.Snapshots;

/// <summary>The log of a study in which anything happens that may: workers die, trainers fail, users interfere.</summary>
internal sealed class RandomStudy
{
    /// <summary>A trainer that a spec with any hyperparameters may have.</summary>
    public static readonly TrainerSpec Trainer = new CommandTrainerSpec { Command = [new CommandArgument(["train"], Droppable: false)], WorkingDirectory = "/tmp" };

    private static readonly WorkerId[] Names = [new("w1"), new("w_2.b-c"), new("w3")];
    private readonly RandomStream _random;
    private readonly StudyTransaction _transaction = new(new StudyState(), DateTimeOffset.UnixEpoch);
    private readonly List<RecordedEvent> _log = [];
    private MemberDecisions _decisions;
    private StudyTransaction _current;

    private RandomStudy(int seed)
    {
        _random = new((ulong)seed, 0, 0, RandomPurpose.InitialDesign);
        var spec = Spec();
        _decisions = new(spec);
        _current = _transaction;
        StudyScheduler.Create(_current, spec, "test");
    }

    /// <summary>The log of so many steps.</summary>
    public static List<RecordedEvent> Log(int seed, int steps)
    {
        var study = new RandomStudy(seed);
        for (var step = 0; step < steps; step++)
        {
            study._log.AddRange(study._current.Events);
            study._current = new(study._current.State, study._current.Now.AddTicks(1 + study._random.NextInt(1 << 30)));
            study.Step();
        }

        study._log.AddRange(study._current.Events);
        return study._log;
    }

    private StudySpec Spec()
    {
        var compare = (ScoreComparison)_random.NextInt(3);
        return TestStudy.AsynchronousSpec with
        {
            Mode = _random.NextInt(3) == 0 ? StudyMode.Synchronous : StudyMode.Asynchronous,
            Population = 2 + _random.NextInt(3),
            Compare = compare,
            Budget = new(Intervals: 20 + _random.NextInt(300)),
            Hyperparameters = new(
            [
                new FloatHyperparameter("lr", 1e-5, 1e-1, Scale.Log),
                new IntHyperparameter("epochs", 1, 10, Scale.Linear),
                new CategoricalHyperparameter("optimizer", [HyperparameterValue.Of("adam"), HyperparameterValue.Of("sgd \"ü\"")]),
                new BoolHyperparameter("normalize"),
            ]),
            Initial = new RandomInitial { Candidates = _random.NextInt(2) == 0 ? null : 5 + _random.NextInt(3), CandidateIntervals = 1 + _random.NextInt(2) },
            Objective = TestStudy.AsynchronousSpec.Objective with { Smoothing = _random.NextInt(2) == 0 ? new NoSmoothing() : new ExponentialSmoothing(0.3) },
            Exploit = _random.NextInt(5) switch { 0 => new NoExploit(), 1 => new BinaryTournamentExploit(), 2 => new BacktrackExploit(), 3 => new ElitistBackOffExploit(), _ => new TruncationExploit(0.5, 0.5) },
            Trainer = Trainer,
            Checkpoints = new(KeepLast: 1 + _random.NextInt(3), KeepBest: _random.NextInt(4)),
        };
    }

    private void Step()
    {
        var state = _current.State;
        var worker = Names[_random.NextInt(Names.Length)];
        if (state.Find(worker) is null)
        {
            StudyScheduler.Join(_current, new(worker, "host", 1 + _random.NextInt(99), _random.NextInt(2) == 0 ? null : "boot", _random.NextInt(99), 2));
            return;
        }

        var own = state.Attempts.Where(a => a.Worker == worker).OrderBy(static a => a.Id).ToList();
        switch (_random.NextInt(400))
        {
            case 0:
                StudyScheduler.Lose(_current, worker, "silence");
                break;
            case 1:
                StudyScheduler.Leave(_current, worker);
                break;
            case 2:
                _ = StudyScheduler.Pause(_current);
                break;
            case 3:
                _ = StudyScheduler.Stop(_current);
                break;
            case 4:
                ChangeSpec(state.Spec);
                break;
            default:
                Work(worker, own);
                break;
        }
    }

    private void Work(WorkerId worker, List<RunningAttempt> own)
    {
        if (own.Count > 0 && _random.NextInt(3) > 0)
            StudyScheduler.Report(_current, worker, own[_random.NextInt(own.Count)].Id, Result(), _decisions);
        else if (own.Count > 1 || StudyScheduler.Claim(_current, worker, held: null) is not ClaimResult.Claimed)
            _ = StudyScheduler.Resume(_current, _decisions);
    }

    private void ChangeSpec(StudySpec spec)
    {
        var changed = spec with { Budget = new(Intervals: spec.Budget.Intervals + 10), Checkpoints = new(1 + _random.NextInt(3), _random.NextInt(4)) };
        StudyScheduler.ChangeSpec(_current, changed, ["budget.intervals"]);
        _decisions = new(changed);
    }

    private AttemptResult Result() => _random.NextInt(12) switch
    {
        0 => new AttemptResult.Failed(FailureKind.Crashed, "boom \ud83d\ude42", "log"),
        1 => new AttemptResult.Failed(FailureKind.Killed, "", LogTail: null),
        2 => new AttemptResult.Completed(0, 0, TimeSpan.Zero, [double.NaN, -0.0, double.Epsilon], Metrics("nan", double.NaN)),
        var n when n < 6 => new AttemptResult.Completed(-_random.NextDouble(), 10, TimeSpan.FromSeconds(_random.NextDouble()), [], Metrics("loss", _random.NextDouble())),
        _ => new AttemptResult.Completed(_random.NextDouble(), 10 + _random.NextInt(9), TimeSpan.FromTicks(1), [1], Metrics("loss", 1).Add("\"ü\n", -0.0)),
    };

    private static ImmutableSortedDictionary<string, double> Metrics(string name, double value) =>
        ImmutableSortedDictionary.Create<string, double>(StringComparer.Ordinal).Add(name, value);
}
