using Pbt.Runtime.Processes;
using Pbt.Runtime.Trainers.Command;

namespace Pbt.Runtime.Trainers.Session;

/// <summary>One resident trainer that has said hello: its process, its connection, and the attempts that run in it.</summary>
/// <remarks>
/// Thread-safe. Whatever ends it, its process is gone before the attempts that ran in it end: nothing of them goes on while
/// they are repeated.
/// </remarks>
internal sealed class SessionTrainer : IAsyncDisposable
{
    private const int SilenceTicks = 4;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, RunningAttempt> _running = [];
    private readonly TaskCompletionSource<SessionEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _over = new();
    private readonly TrainerProcess _process;
    private readonly SessionConnection _connection;
    private readonly TrainerMessage.Hello _hello;
    private readonly ProgressIntake _intake = new();
    private readonly TimeProvider _time;
    private readonly CancellationToken _kill;
    private readonly Task _ended;
    private long _heard;
    private TimeSpan? _stopGrace;
    private bool _hasUnsettledStart;

    private SessionTrainer(TrainerProcess process, SessionConnection connection, TrainerMessage.Hello hello, SessionLimits limits, TimeProvider time, CancellationToken kill)
    {
        (_process, _connection, _hello, _time, _kill) = (process, connection, hello, time, kill);
        Places = Math.Min(hello.Capacity, limits.Places);
        _connection.TrySend(WorkerMessage.Welcome(limits.Study, Places));
        _ended = LiveAsync(limits.Silence);
    }

    /// <summary>How many attempts it takes at once.</summary>
    public int Places { get; }

    /// <summary>Whether it takes attempts.</summary>
    public bool IsAlive => !_end.Task.IsCompleted;

    /// <summary>Takes over a trainer that has said hello.</summary>
    public static SessionTrainer Of(TrainerProcess process, SessionConnection connection, TrainerMessage.Hello hello, SessionLimits limits, TimeProvider time, CancellationToken kill) =>
        new(process, connection, hello, limits, time, kill);

    /// <summary>Has an attempt run; null if the trainer had ended before it began.</summary>
    public async Task<TrainerOutcome?> RunAsync(AttemptContext context, CancellationToken interrupt)
    {
        var attempt = new RunningAttempt(context);
        if (!TryBegin(attempt))
            return null;

        try
        {
            var limit = context.Spec.Trainer.Timeout ?? Timeout.InfiniteTimeSpan;
            return await attempt.Outcome.Task.WaitAsync(limit, _time, interrupt);
        }
        catch (TimeoutException)
        {
            End(new SessionEnd.TimedOut(context.Assignment.Attempt.Value, context.Spec.Trainer.Timeout!.Value));
        }
        catch (OperationCanceledException)
        {
            End(new SessionEnd.Interrupted());
        }

        return await attempt.Outcome.Task;
    }

    /// <summary>Completes when the progress that was reported so far is kept, and copies what the trainer printed meanwhile.</summary>
    public async Task SettleAsync(AttemptContext context)
    {
        await _intake.FlushAsync();
        _process.CopyLog(context.LogPath, isShared: Places > 1);
    }

    /// <summary>Says that the places which are free stay so for now, if that is news to the trainer.</summary>
    /// <param name="resting">How many places have nothing to run.</param>
    public void Rest(int resting)
    {
        lock (_gate)
        {
            if (!_hasUnsettledStart || _running.Count == 0 || _running.Count + resting < Places)
                return;

            _hasUnsettledStart = false;
            Send(WorkerMessage.Idle);
        }
    }

    /// <summary>Tells the trainer that nothing more comes.</summary>
    public void Stop(string reason, TimeSpan grace)
    {
        lock (_gate)
        {
            if (_stopGrace is not null)
                return;

            _stopGrace = grace;
            Send(WorkerMessage.Stop(reason, grace));
        }
    }

    /// <summary>Ends the trainer.</summary>
    public void End(SessionEnd end) => _end.TrySetResult(end);

    /// <summary>Completes when its process is gone and what ran in it has ended.</summary>
    public Task WaitAsync() => _ended;

    /// <summary>Ends it and waits.</summary>
    public async ValueTask DisposeAsync()
    {
        End(new SessionEnd.Interrupted());
        await _ended;
        _over.Dispose();
    }

    private bool TryBegin(RunningAttempt attempt)
    {
        lock (_gate)
        {
            if (!IsAlive)
                return false;

            _running.Add(attempt.Context.Assignment.Attempt.Value, attempt);
            _hasUnsettledStart = Places > 1;
            Send(WorkerMessage.Start(attempt.Context, reload: !attempt.Context.IsHeld));
            return true;
        }
    }

    private void Send(ReadOnlyMemory<byte> line)
    {
        if (!_connection.TrySend(line))
            End(new SessionEnd.Broken("it does not read what it is sent"));
    }

    /// <summary>Listens until something ends the trainer, and then sees to it that all of it ends.</summary>
    private async Task LiveAsync(TimeSpan silence)
    {
        var reading = ReadAsync();
        var watching = WatchAsync(reading);
        var listening = ListenForSilenceAsync(silence);
        var end = await _end.Task;
        if (end is SessionEnd.Broken { Reason: var reason })
            _connection.TrySend(WorkerMessage.Error(reason));

        // One that is told of an error has a moment to say so in its log.
        var hasEnded = end is SessionEnd.Closed or SessionEnd.Broken && await _process.EndsByItselfAsync(_stopGrace ?? AttemptProgram.TerminationGrace, _kill);
        await _connection.DisposeAsync();
        var status = await _process.EndAsync(_kill);
        await _over.CancelAsync();
        await Task.WhenAll(reading, watching, listening);
        await _intake.DisposeAsync();
        CompleteAll(end is SessionEnd.Closed ? new SessionEnd.Closed(hasEnded) : end, status);
    }

    private void CompleteAll(SessionEnd end, ExitStatus status)
    {
        RunningAttempt[] left;
        lock (_gate)
        {
            left = [.. _running.Values];
            _running.Clear();
        }

        foreach (var attempt in left)
        {
            var outcome = end.OutcomeFor(attempt.Context.Assignment.Attempt.Value, status);
            attempt.Outcome.TrySetResult(outcome is TrainerOutcome.Failed failed ? failed with { LogTail = _process.LogTail } : outcome);
        }
    }

    private async Task ReadAsync()
    {
        await _connection.ReadAsync(Take);
        End(new SessionEnd.Closed(HasEnded: false));
    }

    /// <summary>Notices that the process has ended, also where something that it started keeps the connection.</summary>
    private async Task WatchAsync(Task reading)
    {
        try
        {
            await _process.WaitAsync(_over.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        // What it said last may still be on its way.
        await Task.WhenAny(reading, Task.Delay(AttemptProgram.TerminationGrace, _time));
        End(new SessionEnd.Closed(HasEnded: true));
    }

    /// <summary>Ends a trainer that breaks its promise, by its messages alone: a worker that was itself stopped for a while must not blame it.</summary>
    private async Task ListenForSilenceAsync(TimeSpan silence)
    {
        if (_hello.HeartbeatPeriod is not { } heartbeat)
            return;

        var limit = heartbeat * 5 > silence ? heartbeat * 5 : silence;
        using var timer = new PeriodicTimer(limit / SilenceTicks, _time);
        var (heard, ticks) = (-1L, 0);
        try
        {
            while (await timer.WaitForNextTickAsync(_over.Token))
            {
                var now = Interlocked.Read(ref _heard);
                ticks = now == heard && IsBusy() ? ticks + 1 : 0;
                heard = now;
                if (ticks >= SilenceTicks)
                    End(new SessionEnd.Silent(limit));
            }
        }
        catch (OperationCanceledException)
        {
            // It has ended.
        }
    }

    private bool IsBusy()
    {
        lock (_gate)
            return _running.Count > 0;
    }

    /// <summary>Takes messages; false if the trainer is to be ended.</summary>
    private bool Take(IReadOnlyList<TrainerMessage> messages)
    {
        Interlocked.Increment(ref _heard);
        lock (_gate)
        {
            var isFine = messages.All(Take);
            foreach (var attempt in _running.Values)
                attempt.Flush(_intake);

            return isFine && IsAlive;
        }
    }

    private bool Take(TrainerMessage message)
    {
        switch (message)
        {
            case TrainerMessage.Progress progress:
                if (_running.TryGetValue(progress.Attempt, out var reporting))
                    reporting.Add(progress);
                else
                    Reject(progress.Attempt);
                return true;
            case TrainerMessage.Ending ending:
                return TakeEnding(ending);
            case TrainerMessage.Hello:
                return Break("it said \"hello\" twice");
            case TrainerMessage.Broken { Reason: var reason }:
                return Break(reason);
            default:
                return true;
        }
    }

    private bool TakeEnding(TrainerMessage.Ending ending)
    {
        if (!_running.TryGetValue(ending.Attempt, out var attempt))
        {
            Reject(ending.Attempt);
            return true;
        }

        var member = attempt.Context.Assignment.Member.Value;
        if (ending.Member != member)
            return Break($"it ended attempt {ending.Attempt} as member {ending.Member}'s, and it is member {member}'s", ending.Attempt);

        attempt.Flush(_intake);
        TrainerProcess.AddNote(attempt.Note, attempt.Context.LogPath);
        _running.Remove(ending.Attempt);
        var outcome = attempt.OutcomeOf(ending, _stopGrace is not null);
        attempt.Outcome.TrySetResult(outcome is TrainerOutcome.Failed failed ? failed with { LogTail = _process.LogTail } : outcome);
        return true;
    }

    private void Reject(long attempt) =>
        Send(WorkerMessage.Rejected(attempt, "this attempt does not run here: it has ended already, or was never started"));

    private bool Break(string reason, long? culprit = null)
    {
        End(new SessionEnd.Broken(reason, culprit));
        return false;
    }
}

/// <summary>What holds for every trainer of a slot.</summary>
/// <param name="Study">The study's name.</param>
/// <param name="Places">The most places that one may have.</param>
/// <param name="Silence">How long one may be silent that has promised not to be.</param>
internal sealed record SessionLimits(string Study, int Places, TimeSpan Silence);
