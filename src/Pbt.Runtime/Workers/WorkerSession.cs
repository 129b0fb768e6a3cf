using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;
using Pbt.Runtime.Leases;
using Pbt.Runtime.Processes;
using Pbt.Runtime.Resources;
using Pbt.Storage;

namespace Pbt.Runtime.Workers;

/// <summary>Why a worker's session ended.</summary>
internal enum SessionExit
{
    StudyEnded,
    Stopped,
    Fenced,
    SpecChanged,
}

/// <summary>A worker's life under one name: from joining the study to leaving it.</summary>
internal sealed partial class WorkerSession(
    OpenStudy study, WorkerOptions options, IWorkerMachine machine, WorkerState self, StudySpec spec, long specVersion, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan PauseAfterError = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SignalSpread = TimeSpan.FromMilliseconds(500);

    private readonly MemberDecisions _decisions = new(spec);
    private readonly AttemptExecution _execution = new(study, spec, time, logger);
    private readonly CheckpointCollector _collector = new(study.Checkpoints, logger);
    private readonly CancellationTokenSource _over = new();
    private readonly CancellationTokenSource _drained = new();
    private readonly ConcurrentDictionary<(int Slot, int Place), AttemptId> _running = [];
    private SessionExit? _exit;
    private int _workers = 1;
    private Exception? _failure;

    /// <summary>Works until the study ends, the worker is asked to stop, or it finds itself taken for dead.</summary>
    public async Task<SessionExit> RunAsync(CancellationToken stop, CancellationToken kill)
    {
        using var claiming = CancellationTokenSource.CreateLinkedTokenSource(stop, _over.Token, _drained.Token);
        using var attempts = CancellationTokenSource.CreateLinkedTokenSource(kill, _over.Token);
        using var upkeep = new CancellationTokenSource();
        await using var graceOver = time.CreateTimer(_ => attempts.Cancel(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await using var stopping = stop.Register(() => graceOver.Change(Grace, Timeout.InfiniteTimeSpan));
        var guard = options.NeedsGuard ? TrainerGuard.Start(self.Id.Value, logger, time) : null;
        var beating = BeatAsync(upkeep.Token);
        var checking = CheckAsync(upkeep.Token);
        var proposing = ProposeAsync(guard, upkeep.Token);
        try
        {
            await Task.WhenAll(options.Slots.Select(slot => RunSlotAsync(slot, guard, stop, claiming.Token, attempts.Token, kill)));
            await LeaveAsync(kill);
        }
        finally
        {
            // Also when leaving fails: a worker that has ended must not go on proving that it lives.
            Cancel(upkeep);
            await Task.WhenAll(beating, checking, proposing);
            if (guard is not null)
                await guard.DisposeAsync();
        }

        if (_failure is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_failure);

        return _exit ?? SessionExit.Stopped;
    }

    public async ValueTask DisposeAsync()
    {
        await _collector.DisposeAsync();
        _over.Dispose();
        _drained.Dispose();
    }

    /// <summary>How long trainers may go on once the worker is asked to stop.</summary>
    private TimeSpan Grace => options.LongestGrace is { } longest ? Min(longest, spec.Trainer.Grace) : spec.Trainer.Grace;

    private void Fail(Exception error)
    {
        _failure ??= error;
        _over.Cancel();
    }

    // CancelAsync would hop to the thread pool: here all that follows stays in the caller's order.
    private static void Cancel(CancellationTokenSource source) => source.Cancel();

    private void End(SessionExit exit)
    {
        _exit = _exit is null or SessionExit.SpecChanged ? exit : _exit;
        _over.Cancel();
    }

    /// <summary>Lets the attempts end that run by the old spec, and then joins anew to work by the new one.</summary>
    private void Drain()
    {
        _exit ??= SessionExit.SpecChanged;
        _drained.Cancel();
    }

    private async Task RunSlotAsync(
        Slot slot, TrainerGuard? guard, CancellationToken stop, CancellationToken claiming, CancellationToken attempts, CancellationToken kill)
    {
        try
        {
            await using var runner = options.Runners(guard);
            await using var stopping = stop.Register(() => runner.Stop(Grace));
            var turns = new Turns();
            await Task.WhenAll(Enumerable.Range(0, options.Places).Select(place => RunPlaceAsync(new(slot, place, turns), runner, claiming, attempts, kill)));
        }
#pragma warning disable CA1031 // Whatever ends one slot ends the session, which passes it on.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Fail(error);
        }
    }

    /// <summary>One of the places of a slot: attempts run in it one after the other.</summary>
    private sealed record SlotPlace(Slot Slot, int Place, Turns Turns)
    {
        private bool _hasTurn;

        /// <summary>Waits for its turn to look for work, if it has not got it; false if it had it already.</summary>
        public async Task<bool> TakeTurnAsync(CancellationToken cancellationToken)
        {
            if (_hasTurn)
                return false;

            await Turns.AwaitAsync(cancellationToken);
            return _hasTurn = true;
        }

        /// <summary>Lets the next look for work, if it has the turn.</summary>
        public void PassTurn()
        {
            if (!_hasTurn)
                return;

            _hasTurn = false;
            Turns.Pass();
        }
    }

    private async Task RunPlaceAsync(
        SlotPlace at, Trainers.IAttemptRunner runner, CancellationToken claiming, CancellationToken attempts, CancellationToken kill)
    {
        try
        {
            await WorkAsync(at, runner, claiming, attempts, kill);
        }
        catch (OperationCanceledException) when (claiming.IsCancellationRequested)
        {
            // It waited for its trainer.
        }
#pragma warning disable CA1031 // Whatever ends one slot ends the session, which passes it on.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Fail(error);
        }
        finally
        {
            runner.Rest(at.Place);
            at.PassTurn();
        }
    }

    private async Task WorkAsync(
        SlotPlace at, Trainers.IAttemptRunner runner, CancellationToken claiming, CancellationToken attempts, CancellationToken kill)
    {
        MemberId? held = null;
        Committed<ClaimResult>? next = null;
        while (!claiming.IsCancellationRequested)
        {
            if (next is null)
            {
                await runner.ReadyAsync(at.Place, claiming);
                next = await TryAsync((transaction, again) => Claim(transaction, at, held, again), claiming);
            }

            switch (next?.Value)
            {
                case ClaimResult.Claimed { Assignment: var assignment, Recovered: var recovered }:
                    at.PassTurn();
                    if (recovered is not null)
                        logger.Recovered(recovered.Member, Words(recovered));

                    logger.Started(assignment.Member, assignment.Interval, assignment.Attempt);
                    var result = await _execution.RunAsync(assignment, at.Slot, at.Place, runner, attempts, kill);
                    if (result is AttemptResult.Failed { Kind: FailureKind.Killed } && await IsToStopAsync(claiming))
                        result = new AttemptResult.Released("ended with its worker");

                    held = assignment.Member;
                    next = await ReportAsync(at, assignment, result, claiming, kill);
                    await _execution.CleanUpAsync(assignment.CheckpointOut, result, kill);
                    break;
                case ClaimResult.Ended:
                    End(SessionExit.StudyEnded);
                    return;
                case ClaimResult.Fenced:
                    End(SessionExit.Fenced);
                    return;
                case ClaimResult.Wait:
                    runner.Rest(at.Place);

                    // While it waited for its turn, much may have changed: then it looks at once.
                    if (!await at.TakeTurnAsync(claiming))
                        await WaitAsync(next.Version, claiming);

                    next = null;
                    break;
                default:
                    return;
            }
        }
    }

    /// <summary>Whether the worker is asked to stop, or is about to be.</summary>
    /// <remarks>Schedulers end a job by a signal to all of its processes: trainers may be gone before the worker knows.</remarks>
    private async Task<bool> IsToStopAsync(CancellationToken claiming)
    {
        try
        {
            await Task.Delay(SignalSpread, time, claiming);
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    /// <summary>Claims for a place; once more, if the last try may have taken effect.</summary>
    private ClaimResult Claim(StudyTransaction transaction, SlotPlace at, MemberId? held, bool again)
    {
        // Decisions run one at a time, so what the other places run is known here, even before they are told of it.
        _running.TryRemove((at.Slot.Index, at.Place), out _);
        var claim = StudyScheduler.Claim(transaction, self.Id, held, again ? [.. _running.Values] : null);
        if (claim is ClaimResult.Claimed { Assignment.Attempt: var attempt })
            _running[(at.Slot.Index, at.Place)] = attempt;

        return claim;
    }

    /// <summary>Records how an attempt ended and, in the same transaction, claims the next.</summary>
    private async Task<Committed<ClaimResult>?> ReportAsync(
        SlotPlace at, Assignment assignment, AttemptResult result, CancellationToken claiming, CancellationToken kill)
    {
        var committed = await TryAsync(
            (transaction, again) =>
            {
                var report = StudyScheduler.Report(transaction, self.Id, assignment.Attempt, result, _decisions);
                ClaimResult? claim = claiming.IsCancellationRequested ? null : Claim(transaction, at, assignment.Member, again);
                return (Report: report, Claim: claim);
            },
            kill);
        if (committed is null)
            return null;

        Log(assignment, result, committed.Value.Report);
        if (committed.Value.Report is ReportResult.Rejected)
            _collector.Collect([assignment.CheckpointOut]);

        _collector.Collect(committed.Released);
        return committed.Value.Claim is { } claim ? new Committed<ClaimResult>(claim, committed.Version, []) : null;
    }

    private void Log(Assignment assignment, AttemptResult result, ReportResult report)
    {
        switch (report, result)
        {
            case (ReportResult.Rejected rejected, _):
                logger.Rejected(assignment.Member, assignment.Interval, assignment.Attempt, rejected.Reason);
                break;
            case (_, AttemptResult.Completed completed):
                logger.Completed(assignment.Member, assignment.Interval, completed.Score);
                break;
            case (_, AttemptResult.Failed failed):
                logger.Failed(assignment.Member, assignment.Interval, assignment.Attempt, failed.Reason, study.Files.LogOf(assignment.CheckpointOut));
                break;
            case (_, AttemptResult.StartDamaged damaged):
                logger.StartDamaged(assignment.Member, assignment.CheckpointIn?.ToString() ?? "start", damaged.Reason);
                break;
            case (_, AttemptResult.Released released):
                logger.Released(assignment.Member, assignment.Interval, released.Reason);
                break;
            default:
                break;
        }
    }

    private static string Words(MemberRecovered recovered) => (recovered.Donor, recovered.Checkpoint) switch
    {
        ({ } donor, { } checkpoint) => $"{checkpoint}, of its rescuer {donor}",
        (_, { } checkpoint) => $"{checkpoint}, its newest intact ancestor",
        _ => "the study's beginning: no checkpoint before it is left",
    };

    /// <summary>Transacts, again and again while the store cannot; null if cancelled before it was done.</summary>
    private Task<Committed<T>?> TryAsync<T>(Func<StudyTransaction, T> decide, CancellationToken cancellationToken) =>
        TryAsync((transaction, _) => decide(transaction), cancellationToken);

    /// <summary>The same for a decision that must know whether it is taken again: an earlier one may have taken effect, although the store failed.</summary>
    private async Task<Committed<T>?> TryAsync<T>(Func<StudyTransaction, bool, T> decide, CancellationToken cancellationToken)
    {
        var again = false;
        var backoff = new Backoff(time);
        try
        {
            while (true)
            {
                try
                {
                    var isRepeated = again;
                    return await study.Store.TransactAsync(transaction => decide(transaction, isRepeated), cancellationToken);
                }
                catch (TransientStoreException error)
                {
                    logger.TryingAgain(error.Message, backoff.Next);
                }

                again = true;
                await backoff.WaitAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private async Task WaitAsync(long version, CancellationToken claiming)
    {
        try
        {
            try
            {
                await study.Store.WaitAsync(version, claiming);
                if (WatchDuty.PauseBeforeClaim(_workers) is { Ticks: > 0 } pause)
                    await Task.Delay(pause, time, claiming);
            }
            catch (TransientStoreException error)
            {
                logger.TryingAgain(error.Message, PauseAfterError);
                await Task.Delay(PauseAfterError, time, claiming);
            }
        }
        catch (OperationCanceledException)
        {
            // The loop sees it.
        }
    }

    private async Task LeaveAsync(CancellationToken kill)
    {
        if (_exit == SessionExit.Fenced)
            return;

        await TryAsync(
            transaction =>
            {
                StudyScheduler.Leave(transaction, self.Id);
                return true;
            },
            kill);
        logger.Left(self.Id);
    }
}
