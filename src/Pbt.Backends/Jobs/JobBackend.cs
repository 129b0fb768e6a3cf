using System.Globalization;
using Pbt.Core.Population;
using Pbt.Core.Studies;

namespace Pbt.Backends.Jobs;

/// <summary>Workers that are jobs of a scheduler: submits them, watches them, and leaves them running when asked to stop.</summary>
/// <param name="queue">The scheduler.</param>
/// <param name="spec">How workers are to be.</param>
/// <param name="time">The clock.</param>
public sealed class JobBackend(IJobQueue queue, JobBackendSpec spec, TimeProvider time) : IBackend
{
    // The study is asked more often than the scheduler, which many users share.
    private static readonly TimeSpan StudyPeriod = TimeSpan.FromMilliseconds(500);

    private JobLedger _ledger = new();
    private string? _said;
    private string? _trouble;

    /// <summary>Workers wanted at a time.</summary>
    /// <param name="study">The study's spec.</param>
    /// <param name="backend">How its workers are to be.</param>
    /// <param name="slots">Attempts at a time in all; null for what the spec says, by default one for each member.</param>
    public static int WorkersFor(StudySpec study, JobBackendSpec backend, int? slots)
    {
        var wanted = Math.Min(slots ?? study.Resources.Slots ?? study.FirstMembers, study.FirstMembers);
        return Math.Min((wanted + backend.SlotsPerWorker - 1) / backend.SlotsPerWorker, backend.AtOnce ?? int.MaxValue);
    }

    /// <inheritdoc/>
    public async Task<BackendEnd> RunAsync(WorkerRequest request, CancellationToken stop, CancellationToken kill)
    {
        try
        {
            while (true)
            {
                var state = await request.LoadAsync(stop);
                if (state.HasEnded)
                {
                    await DropWaitingAsync(stop);
                    return BackendEnd.StudyEnded;
                }

                await LookAsync(request, state, stop);
                await WaitAsync(request, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return BackendEnd.Detached;
        }
    }

    /// <inheritdoc/>
    public async Task<int> CancelAsync(WorkerRequest request, CancellationToken cancellationToken)
    {
        try
        {
            List<Job> live = [.. (await queue.ListAsync(cancellationToken)).Where(static job => job.IsLive)];
            if (live.Count > 0)
                await queue.CancelAsync(live, cancellationToken);

            return live.Count;
        }
        catch (JobQueueException error)
        {
            throw new InvalidRequestException($"its jobs could not be taken away: {error.Message}");
        }
    }

    private async Task LookAsync(WorkerRequest request, StudyState state, CancellationToken stop)
    {
        try
        {
            var jobs = await queue.ListAsync(stop);
            _ledger = _ledger.After(jobs, state.CompletedIntervals);
            Say(request, jobs);
            switch (JobPlan.Next(jobs, _ledger, WorkersFor(state.Spec, spec, request.Slots), spec.Replacements, spec.Throttle, state.Phase == StudyPhase.Paused))
            {
                case JobPlan.Submit submit:
                    await SubmitAsync(submit.Workers, hasOthers: jobs.Any(static job => job.IsLive), stop);
                    request.Say(string.Create(CultureInfo.InvariantCulture, $"submitted {submit.Workers} {(submit.Workers == 1 ? "worker" : "workers")} to {spec.Scheduler}"));
                    break;
                case JobPlan.GiveUp giveUp:
                    throw new InvalidRequestException(InVain(giveUp));
                default:
                    break;
            }

            if (_trouble is not null)
                request.Say($"{spec.Scheduler} answers again");

            _trouble = null;
        }
        catch (JobQueueException error)
        {
            if (!string.Equals(_trouble, error.Message, StringComparison.Ordinal))
                request.Say($"{error.Message}; trying again, and workers go on meanwhile");

            _trouble = error.Message;
        }
    }

    /// <summary>Takes away the jobs that have not begun: each would only find that there is nothing to do.</summary>
    private async Task DropWaitingAsync(CancellationToken stop)
    {
        try
        {
            List<Job> waiting = [.. (await queue.ListAsync(stop)).Where(static job => job.Phase == JobPhase.Waiting)];
            if (waiting.Count > 0)
                await queue.CancelAsync(waiting, stop);
        }
        catch (Exception failure) when (failure is JobQueueException or InvalidRequestException)
        {
            // They end by themselves once they have begun.
        }
    }

    /// <summary>Submits workers; while others go on, those that are refused now may be taken later.</summary>
    private async Task SubmitAsync(int workers, bool hasOthers, CancellationToken stop)
    {
        try
        {
            _ledger = _ledger.With(await queue.SubmitAsync(workers, stop));
        }
        catch (InvalidRequestException refusal) when (hasOthers)
        {
            throw new JobQueueException(refusal.Message, refusal);
        }
    }

    /// <summary>Waits until the scheduler is to be asked again, or the study has ended.</summary>
    private async Task WaitAsync(WorkerRequest request, CancellationToken stop)
    {
        var began = time.GetTimestamp();
        while (spec.Poll - time.GetElapsedTime(began) is { Ticks: > 0 } left)
        {
            await Task.Delay(left < StudyPeriod ? left : StudyPeriod, time, stop);
            if ((await request.LoadAsync(stop)).HasEnded)
                return;
        }
    }

    private void Say(WorkerRequest request, IReadOnlyList<Job> jobs)
    {
        var words = JobsInWords.Of(jobs);
        if (jobs.Any(static job => job.IsLive) && !string.Equals(words, _said, StringComparison.Ordinal))
            request.Say(words);

        _said = words;
    }

    private string InVain(JobPlan.GiveUp giveUp)
    {
        var last = giveUp.Last is { } job ? $"; the last, {job.Id}, {job.State}{(job.Reason is null ? string.Empty : $" ({job.Reason})")}" : string.Empty;
        var log = giveUp.Last is { } ended && queue.LogOf(ended) is { } lines ? $"; its log ends with:{Environment.NewLine}{lines}" : string.Empty;
        return string.Create(CultureInfo.InvariantCulture, $"workers cannot go on: {giveUp.Ended} have ended since an interval was last completed (backend.replacements is {spec.Replacements}){last}{log}");
    }
}
