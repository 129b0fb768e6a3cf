using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Runtime.Explore;
using Pbt.Runtime.Leases;
using Pbt.Runtime.Processes;

namespace Pbt.Runtime.Workers;

/// <content>What a worker does besides running attempts: it proves that it lives, looks after others, and proposes.</content>
internal sealed partial class WorkerSession
{
    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        var period = Min(spec.Lease / 6, TimeSpan.FromSeconds(5));
        using var timer = new PeriodicTimer(period, time);
        try
        {
            for (var counter = 1L; await timer.WaitForNextTickAsync(cancellationToken); counter++)
                Beat(counter);
        }
        catch (OperationCanceledException)
        {
            study.Heartbeats.Remove(self.Id);
        }
    }

    private void Beat(long counter)
    {
        try
        {
            study.Heartbeats.Beat(self.Id, counter);
            _execution.Trouble.Look();
        }
        catch (Exception error) when (AttemptExecution.IsMachinery(error))
        {
            _execution.Trouble.Note();
            logger.TryingAgain($"the heartbeat could not be written: {error.Message}", Min(spec.Lease / 6, TimeSpan.FromSeconds(5)));
        }
    }

    private async Task ProposeAsync(TrainerGuard? guard, CancellationToken cancellationToken)
    {
        try
        {
            var program = new ExploreProgram(study.Directory, guard, time);
            await new ProposalDuty(study, specVersion, self.Id, _decisions, program, time, logger).RunAsync(cancellationToken);
        }
#pragma warning disable CA1031 // Whatever ends the proposals ends the session, which passes it on.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Fail(error);
        }
    }

    /// <summary>Looks after what nobody else would notice: the study's end, its wall clock, dead workers, one's own death.</summary>
    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        var watch = new WorkerWatch(study.Heartbeats, spec.Lease, time, machine.HasVanished);
        using var timer = new PeriodicTimer(WatchDuty.Period(workers: 1, spec.Lease), time);
        try
        {
            // At once as well: what a worker that died on this host held is free then, rather than a period later.
            do
            {
                _workers = await CheckOnceAsync(watch, cancellationToken);
                timer.Period = WatchDuty.Period(_workers, spec.Lease);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
            // The session is over.
        }
#pragma warning disable CA1031 // Whatever ends the checks ends the session, which passes it on.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Fail(error);
        }
    }

    /// <returns>How many workers there are.</returns>
    private async Task<int> CheckOnceAsync(WorkerWatch watch, CancellationToken cancellationToken)
    {
        var seen = await TryAsync(
            transaction =>
            {
                StudyScheduler.EndIfOutOfTime(transaction);
                var state = transaction.State;
                return (state.HasEnded, state.SpecVersion, IsAlive: state.Find(self.Id) is not null, state.Workers.Count, Watched: WatchDuty.Of(state, self));
            },
            cancellationToken);
        if (seen is null)
            return 1;

        if (seen.Value.HasEnded)
            End(SessionExit.StudyEnded);
        else if (!seen.Value.IsAlive)
            End(SessionExit.Fenced);
        else if (seen.Value.SpecVersion != specVersion)
            Drain();

        foreach (var (worker, reason) in await watch.FindDeadAsync(seen.Value.Watched, cancellationToken))
            await BuryAsync(worker, reason, cancellationToken);

        return seen.Value.Count;
    }

    /// <summary>Records a worker's death; on its own host, ends whatever its trainers have left.</summary>
    private async Task BuryAsync(WorkerState worker, string reason, CancellationToken cancellationToken)
    {
        var lost = await TryAsync(
            transaction =>
            {
                var attempts = transaction.State.Attempts.Where(a => a.Worker == worker.Id).ToList();
                StudyScheduler.Lose(transaction, worker.Id, reason);
                return transaction.Events.Count > 0 ? attempts : null;
            },
            cancellationToken);
        if (lost?.Value is not { } orphans)
            return;

        logger.FoundDead(worker.Id, reason);
        study.Heartbeats.Remove(worker.Id);
        _collector.Collect(lost.Released);
        await machine.EndLeftoversAsync(worker.Id, cancellationToken);
        foreach (var orphan in orphans)
            await _execution.CleanUpAsync(new CheckpointId(orphan.Member, orphan.Interval, orphan.Id), result: null, cancellationToken);
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
