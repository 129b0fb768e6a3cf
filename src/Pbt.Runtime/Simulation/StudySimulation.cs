using System.Collections.Immutable;
using Pbt.Core.Population;
using Pbt.Core.Population.Snapshots;
using Pbt.Core.Randomness;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;
using Pbt.Runtime.Trainers.Builtin;

namespace Pbt.Runtime.Simulation;

/// <summary>Runs a study of a built-in trainer in memory, by the same decisions as a real one.</summary>
/// <remarks>
/// One worker with one slot takes the member that is furthest behind, so all members advance in step; who is first of those
/// equally far behind is drawn in an asynchronous study, for in a real one nobody always is. Deterministic: a function of the
/// spec and its seed. Time stands still, so a wall-clock budget has no effect.
/// </remarks>
public static class StudySimulation
{
    private static readonly WorkerId Worker = new("simulation");

    /// <summary>Runs the study to its end and returns its state.</summary>
    /// <exception cref="InvalidRequestException">Its trainer is not built in, or its budget has no end.</exception>
    public static StudyState Run(StudySpec spec, CancellationToken cancellationToken = default)
    {
        if (spec.Trainer is not BuiltinTrainerSpec builtin)
            throw new InvalidRequestException("Only a study of a built-in trainer can be simulated: `trainer: { builtin: quadratic }`, or plain, deceptive, triangle.");

        if (spec.Budget is { Intervals: null, TotalSteps: null })
            throw new InvalidRequestException("A simulated study needs an end that does not depend on time: `budget: { intervals: 40 }`, or total_steps.");

        var steps = spec.Interval.Steps
            ?? throw new InvalidRequestException("A built-in trainer counts in steps: `interval: { steps: 10 }`.");
        var trainer = BuiltinTrainer.Named(builtin.Builtin);
        var decisions = new MemberDecisions(spec);
        var transaction = new StudyTransaction(new StudyState(), DateTimeOffset.UnixEpoch);
        StudyScheduler.Create(transaction, spec, "simulation");
        StudyScheduler.Join(transaction, new WorkerState(Worker, "simulation", Pid: 0, BootId: null, StartTime: 0, Slots: 1));

        var checkpoints = new Dictionary<CheckpointId, ImmutableArray<double>>();
        var forgotten = 0;
        while (Next(transaction, decisions) is { } assignment)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var start = assignment.CheckpointIn is { } inherited ? checkpoints[inherited] : trainer.InitialState;
            var end = trainer.Train(start, assignment.Hyperparameters, steps, assignment.Seed);
            checkpoints.Add(assignment.CheckpointOut, end);
            StudyScheduler.Report(transaction, Worker, assignment.Attempt, Result(trainer.Score(end), steps), decisions);
            for (var released = transaction.State.ReleasedCheckpoints; forgotten < released.Count; forgotten++)
                checkpoints.Remove(released[forgotten]);
        }

        return transaction.State;
    }

    private static Assignment? Next(StudyTransaction transaction, MemberDecisions decisions)
    {
        while (true)
        {
            if (StudyScheduler.Claim(transaction, Worker, First(transaction.State)) is ClaimResult.Claimed { Assignment: var assignment })
                return assignment;

            if (Proposals.Due(transaction.State, decisions).IsEmpty)
                return null;

            var proposals = new Proposals(StudySnapshot.Copy(transaction.State), decisions);
            StudyScheduler.Propose(transaction, proposals.Complete(), decisions);
        }
    }

    private static MemberId? First(StudyState state)
    {
        if (state.Spec.Mode == StudyMode.Synchronous)
            return null;

        var ready = state.Members.Where(static m => m.Phase == MemberPhase.Ready).ToList();
        if (ready.Count == 0)
            return null;

        var least = ready.Min(static m => m.Intervals);
        var behind = ready.FindAll(m => m.Intervals == least);
        return behind[new RandomStream(state.Spec.Seed, member: 0, (int)state.NextAttempt.Value, RandomPurpose.SimulatedOrder).NextInt(behind.Count)].Id;
    }

    private static AttemptResult Result(double score, long steps) => double.IsFinite(score)
        ? new AttemptResult.Completed(score, steps, TimeSpan.Zero, [], ImmutableSortedDictionary<string, double>.Empty)
        : new AttemptResult.Failed(FailureKind.InvalidScore, "the score is not finite", LogTail: null);
}
