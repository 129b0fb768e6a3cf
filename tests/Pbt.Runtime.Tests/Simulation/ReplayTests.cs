using System.Collections.Immutable;
using Pbt.Core.Population;
using Pbt.Core.Randomness;
using Pbt.Core.Scheduling;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;
using Pbt.Runtime.Simulation;
using Pbt.Runtime.Trainers.Builtin;

namespace Pbt.Runtime.Tests.Simulation;

/// <summary>The replay of the best schedule gives the best score, to the last bit, where the trainer has no noise.</summary>
public sealed class ReplayTests
{
    private static readonly WorkerId Worker = new("w");

    [Theory]
    [InlineData("plain", 20)]
    [InlineData("deceptive", 20)]
    [InlineData("deceptive", 60)]
    [InlineData("quadratic", 7)]
    public void A_replay_of_the_best_schedule_scores_exactly_as_the_best(string toy, int steps)
    {
        var (inherited, apart) = (0, 0);
        for (var seed = 0UL; seed < 20; seed++)
        {
            var state = Run(Spec(toy, steps, seed));
            var best = state.Best!;
            var lineage = Lineage.Of(state, best.Record.Checkpoint);
            inherited += lineage.Select(static l => l.Member).Distinct().Count() > 1 ? 1 : 0;

            // A donor at another interval than its copier: the weights' steps count, not the numbers of intervals.
            apart += lineage[^1].Record.Interval != lineage.Length ? 1 : 0;

            var replay = StudySimulation.Run(ReplaySpec.Of(state.Spec, ReplaySpec.ScheduleOf(lineage, steps), seeds: 2));
            Assert.Equal(lineage.Length, replay.Members[0].Intervals);
            Assert.All(replay.Members, m => Assert.Equal(best.Record.Score, m.Latest!.Score));
            Assert.Equal(lineage.Select(static l => l.Record.Score), replay.Members[0].History.Select(static r => r.Score));
        }

        Assert.True(inherited >= 10 && apart >= 5, $"this tests little: {inherited} of 20 best ones inherited, {apart} of them from another interval");
    }

    private static StudySpec Spec(string toy, int steps, ulong seed) => new()
    {
        Name = "toy",
        Seed = seed,
        Population = 6,
        Objective = new Objective("q", Goal.Maximize),
        Interval = new IntervalLength(steps, null),
        Budget = new Budget(Intervals: 25),
        Hyperparameters = new SearchSpace([.. BuiltinTrainers[toy].Select(static name => new FloatHyperparameter(name, 1e-4, 1.1, Scale.Linear))]),
        Exploit = new TruncationExploit(0.3, 0.3),
        Explore = new PerturbExplore { Factors = [0.5, 2], ResampleProbability = 0.1 },
        Trainer = new BuiltinTrainerSpec(toy),
    };

    private static ImmutableDictionary<string, string[]> BuiltinTrainers { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["plain"] = ["h"],
        ["deceptive"] = ["h"],
        ["quadratic"] = ["h0", "h1"],
    }.ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>Runs a study on slots that end in a random order, so that members are at different intervals.</summary>
    private static StudyState Run(StudySpec spec)
    {
        var trainer = BuiltinTrainer.Named(((BuiltinTrainerSpec)spec.Trainer).Builtin);
        var decisions = new MemberDecisions(spec);
        var transaction = new StudyTransaction(new StudyState(), DateTimeOffset.UnixEpoch);
        StudyScheduler.Create(transaction, spec, "test");
        StudyScheduler.Join(transaction, new WorkerState(Worker, "host", 1, BootId: null, StartTime: 0, Slots: 4));
        var random = new RandomStream(spec.Seed, member: 1000, interval: 0, RandomPurpose.InitialDesign);
        var checkpoints = new Dictionary<CheckpointId, ImmutableArray<double>>();
        var running = new List<Assignment>();
        while (true)
        {
            while (running.Count < 4 && StudyScheduler.Claim(transaction, Worker, held: null) is ClaimResult.Claimed { Assignment: var claimed })
                running.Add(claimed);

            if (running.Count == 0)
                return transaction.State;

            // Slots of different speeds.
            var at = Math.Min(random.NextInt(running.Count), random.NextInt(running.Count));
            var assignment = running[at];
            running.RemoveAt(at);
            var start = assignment.CheckpointIn is { } inherited ? checkpoints[inherited] : trainer.InitialState;
            var end = trainer.Train(start, assignment.Hyperparameters, spec.Interval.Steps!.Value, assignment.Seed);
            checkpoints.Add(assignment.CheckpointOut, end);
            var result = new AttemptResult.Completed(trainer.Score(end), spec.Interval.Steps.Value, TimeSpan.Zero, [], ImmutableSortedDictionary<string, double>.Empty);
            StudyScheduler.Report(transaction, Worker, assignment.Attempt, result, decisions);
        }
    }
}
