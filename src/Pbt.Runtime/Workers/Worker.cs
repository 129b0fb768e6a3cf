using Microsoft.Extensions.Logging;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Runtime.Hooks;

namespace Pbt.Runtime.Workers;

/// <summary>Claims attempts of a study and runs them, until the study ends or it is asked to stop.</summary>
/// <remarks>
/// Workers need no coordinator: any number may come and go. One that was taken for dead (because it slept longer than
/// its lease) ends what it runs and joins anew under another name. Call <see cref="RunAsync"/> once.
/// </remarks>
public sealed class Worker(OpenStudy study, WorkerOptions options, TimeProvider time, ILogger logger)
{
    private readonly IWorkerMachine _machine = options.Machine ?? new LocalMachine(time);

    /// <summary>Works.</summary>
    /// <param name="stop">
    /// Stops claiming; attempts may go on for the trainer's grace, and are then ended and given back.
    /// </param>
    /// <param name="kill">Ends the attempts at once.</param>
    /// <exception cref="Core.Studies.DamagedStoreException">The study's log is damaged; everything was ended.</exception>
    public async Task<WorkerExit> RunAsync(CancellationToken stop, CancellationToken kill)
    {
        await using var hooks = new HookDuty(study, time, logger);
        var exit = await WorkAsync(hooks, stop, kill);
        await (exit == WorkerExit.StudyEnded ? hooks.FinishAsync(kill) : hooks.StopAsync(kill));
        return exit;
    }

    private async Task<WorkerExit> WorkAsync(HookDuty hooks, CancellationToken stop, CancellationToken kill)
    {
        while (!stop.IsCancellationRequested)
        {
            var self = _machine.Identify(options.Slots.Count);
            var joined = await JoinAsync(self, stop);
            if (joined is null)
                break;

            hooks.Follow(joined.Spec);
            await using var session = new WorkerSession(study, options, _machine, self, joined.Spec, joined.SpecVersion, time, logger);
            switch (await session.RunAsync(stop, kill))
            {
                case SessionExit.StudyEnded:
                    return WorkerExit.StudyEnded;
                case SessionExit.Fenced:
                    logger.Fenced(self.Id);
                    break;
                case SessionExit.SpecChanged:
                    break;
                default:
                    return WorkerExit.Stopped;
            }
        }

        return WorkerExit.Stopped;
    }

    /// <summary>What a worker works by until it changes.</summary>
    private sealed record Joined(Core.Studies.StudySpec Spec, long SpecVersion);

    /// <summary>Joins the study; null if asked to stop meanwhile.</summary>
    private async Task<Joined?> JoinAsync(WorkerState self, CancellationToken stop)
    {
        var backoff = new Backoff(time);
        while (true)
        {
            try
            {
                study.Heartbeats.Beat(self.Id, counter: 0);
                var joined = await study.Store.TransactAsync(
                    transaction =>
                    {
                        if (!transaction.State.HasEnded)
                            StudyScheduler.Join(transaction, self);

                        return new Joined(transaction.State.Spec, transaction.State.SpecVersion);
                    },
                    stop);
                logger.Joined(self.Id, options.Slots.Count);
                return joined.Value;
            }
            catch (Exception error) when (error is Core.Studies.TransientStoreException || AttemptExecution.IsMachinery(error))
            {
                logger.TryingAgain(error.Message, backoff.Next);
            }
            catch (OperationCanceledException)
            {
                return null;
            }

            try
            {
                await backoff.WaitAsync(stop);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }
    }
}
