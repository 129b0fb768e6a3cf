using System.Collections.Immutable;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Scheduling;

/// <summary>A study of a random spec, taken through random calls of the scheduler.</summary>
internal sealed class RandomStudy
{
    private readonly Random _random;
    private readonly List<(WorkerId Worker, AttemptId Attempt)> _claimed = [];
    private int _workers;

    public RandomStudy(int seed)
    {
        _random = new Random(seed);
        Spec = Draw();
        Transact(t => StudyScheduler.Create(t, Spec, "test"));
    }

    public StudySpec Spec { get; private set; }

    public StudyState State { get; } = new();

    public List<RecordedEvent> Log { get; } = [];

    /// <summary>One random call.</summary>
    public void Step() => Transact(t =>
    {
        switch (_random.Next(25))
        {
            case 0 or 1:
                StudyScheduler.Join(t, new WorkerState(new WorkerId($"w{_random.Next(2) + _workers++}"), "host", 1, null, 0, 1));
                break;
            case 2 when Pick(State.Workers) is { } leaving:
                StudyScheduler.Leave(t, leaving.Id);
                break;
            case 3 when Pick(State.Workers) is { } lost:
                StudyScheduler.Lose(t, lost.Id, "silent");
                break;
            case 4:
                _ = _random.Next(3) == 0 ? StudyScheduler.Stop(t) : StudyScheduler.Pause(t);
                break;
            case 5 or 6:
                StudyScheduler.Resume(t, new MemberDecisions(Spec));
                break;
            case 7 when State.Phase is not (StudyPhase.Failed or StudyPhase.Stopped):
                Spec = Spec with { Budget = Spec.Budget with { Intervals = Spec.Budget.Intervals + 1 }, Checkpoints = Keep() };
                StudyScheduler.ChangeSpec(t, Spec, []);
                break;
            case 8:
                StudyScheduler.EndIfOutOfTime(t);
                break;
            case 24:
                StudyScheduler.Fork(t, new("fork", "/studies/fork", 1, [.. State.LiveCheckpoints.OrderBy(static c => c.Attempt).Take(_random.Next(3))]));
                break;
            case < 15 when Pick(State.Workers) is { } worker:
                if (StudyScheduler.Claim(t, worker.Id, new MemberId(_random.Next(Spec.Population))) is ClaimResult.Claimed { Assignment.Attempt: var attempt })
                    _claimed.Add((worker.Id, attempt));
                break;
            default:
                if (Pick(_claimed) is { Worker.Value: not null } any)
                    StudyScheduler.Report(t, any.Worker, any.Attempt, Result(), new MemberDecisions(Spec));
                break;
        }
    });

    private AttemptResult Result() => _random.Next(8) switch
    {
        0 => new AttemptResult.Released("interrupted"),
        1 => new AttemptResult.Failed((FailureKind)_random.Next(7), "failed", null),
        _ => new AttemptResult.Completed(Math.Round(_random.NextDouble(), 1), _random.Next(20), TimeSpan.FromSeconds(1), [.. Enumerable.Range(0, 10).Select(_ => _random.NextDouble())], ImmutableSortedDictionary<string, double>.Empty),
    };

    private void Transact(Action<StudyTransaction> decide)
    {
        var transaction = new StudyTransaction(State, DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(Log.Count));
        decide(transaction);
        Log.AddRange(transaction.Events);
    }

    private T? Pick<T>(IReadOnlyList<T> of) => of.Count > 0 ? of[_random.Next(of.Count)] : default;

    private StudySpec Draw()
    {
        var synchronous = _random.Next(2) == 0;
        var population = 2 + _random.Next(6);
        var limited = _random.Next(4) == 0;
        return TestStudy.AsynchronousSpec with
        {
            Seed = (ulong)_random.NextInt64(),
            Population = population,
            Mode = synchronous ? StudyMode.Synchronous : StudyMode.Asynchronous,
            Compare = (ScoreComparison)_random.Next(3),
            MaxLead = synchronous || _random.Next(2) == 0 ? null : 1 + _random.Next(3),
            Objective = new Objective("score", (Goal)_random.Next(2)) { Smoothing = Smoothing() },
            Budget = new Budget(1 + _random.Next(8), limited ? _random.NextDouble() : null, limited ? TimeSpan.FromSeconds(_random.Next(300)) : null, limited ? _random.Next(500) : null),
            BurnIn = _random.Next(3),
            Hyperparameters = new SearchSpace([new FloatHyperparameter("lr", 1e-5, 1e-1, Scale.Log), new IntHyperparameter("n", 0, 3, Scale.Linear), new BoolHyperparameter("b")]),
            Initial = Initial(population),
            Exploit = Exploit() with { Inherit = (Inheritance)_random.Next(3) },
            Explore = Explore() with { When = (ExploreWhen)_random.Next(2) },
            Trainer = new InProcessTrainerSpec { MaxAttempts = 1 + _random.Next(3) },
            Checkpoints = Keep(),
        };
    }

    private CheckpointPolicy Keep() => new(1 + _random.Next(3), _random.Next(3), Every: _random.Next(2) == 0 ? null : 1 + _random.Next(4));

    private RandomInitial Initial(int population) => new()
    {
        Candidates = _random.Next(2) == 0 ? null : population + 1 + _random.Next(population),
        CandidateIntervals = 1 + _random.Next(3),
    };

    private SmoothingSpec Smoothing() => _random.Next(3) switch
    {
        0 => new NoSmoothing(),
        1 => new MeanSmoothing(1 + _random.Next(3)),
        _ => new ExponentialSmoothing(0.5),
    };

    private ExploitSpec Exploit() => _random.Next(10) switch
    {
        4 => new ThresholdExploit(0.5, 0.5) { Sigma = 0, Quorum = 0, Settle = 1 + _random.Next(2), KeepOwnHyperparameters = 0.5 },
        5 => new BandExploit { Absolute = 0 },
        6 => new BacktrackExploit(0.5, 0.5),
        7 => new ElitistBackOffExploit(0.5, 0.25),
        0 => new TruncationExploit(0.5, 0.5),
        1 => new BinaryTournamentExploit(),
        2 => new TTestExploit(0.5),
        8 => new FireExploit(2, 0.5) { Significance = 0.5, MaxEvaluation = 3 },
        3 => new MultipleFrequenciesExploit { Frequencies = [1, 2], Top = 0.5, Bottom = 0.5 },
        _ => new NoExploit(),
    };

    private ExploreSpec Explore() => _random.Next(4) switch
    {
        0 => new PerturbExplore(),
        1 => new ResampleExplore(0.5),
        2 => new GaussianExplore(),
        _ => new NoExplore(),
    };
}
