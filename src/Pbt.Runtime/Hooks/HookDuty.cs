using Microsoft.Extensions.Logging;
using Pbt.Core.Hooks;
using Pbt.Core.Studies;
using Pbt.Runtime.Processes;
using Pbt.Storage.Hooks;

namespace Pbt.Runtime.Hooks;

/// <summary>Runs a study's hooks beside whatever this process does for the study, when it has the turn.</summary>
/// <remarks>
/// Thread-safe. Any number of processes may do so: one at a time has the turn, and what it leaves undone the next does. Nothing
/// that a hook does, and nothing that goes wrong here, reaches the caller. Call <see cref="FinishAsync"/> or
/// <see cref="StopAsync"/> once, at the end.
/// </remarks>
public sealed partial class HookDuty : IAsyncDisposable
{
    private static readonly TimeSpan LeastPeriod = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PauseAfterTrouble = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan NotePeriod = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FarewellPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SilencePatience = TimeSpan.FromSeconds(35);
    private static int _names;

    private readonly OpenStudy _study;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly HookLog _log;
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationTokenSource _quit = new();
    private readonly HashSet<HookKind> _troubled = [];
    private Task _running = Task.CompletedTask;
    private TrainerGuard? _guard;
    private TimeSpan _timeout = HooksSpec.None.Timeout;
    private long _endingSince;
    private int _skipped;
    private bool _isFollowing;
    private volatile bool _isStopping;

    /// <summary>Runs nothing yet.</summary>
    /// <param name="study">The study.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told when a hook begins to fail.</param>
    public HookDuty(OpenStudy study, TimeProvider time, ILogger logger)
    {
        (_study, _time, _logger) = (study, time, logger);
        _log = new HookLog(study.Directory, time);
    }

    /// <summary>Begins to run hooks if the spec has any; more than once is the same as once.</summary>
    public void Follow(StudySpec spec)
    {
        if (_isFollowing || spec.Hooks.IsEmpty || _study.Hooks is not { } ledger)
            return;

        _isFollowing = true;
        _timeout = spec.Hooks.Timeout;
        _running = Task.Run(() => RunAsync(ledger));
    }

    /// <summary>Runs what is due of a study that has ended, or waits until another has; within a limit of time.</summary>
    /// <remarks>
    /// For as long as one hook may take, all that is due is run; after that <c>finished</c> only. If another process has the turn
    /// and dies meanwhile, this one takes over.
    /// </remarks>
    public async Task FinishAsync(CancellationToken kill)
    {
        Volatile.Write(ref _endingSince, _time.GetTimestamp());
        Cancel(_ending);
        await using var killing = kill.Register(_quit.Cancel);
        await _running;
    }

    /// <summary>Runs no more hooks. One that is running has a few seconds; if it is ended, it is run again by the next that takes the turn.</summary>
    public async Task StopAsync(CancellationToken kill)
    {
        _isStopping = true;
        Cancel(_ending);
        await using var killing = kill.Register(_quit.Cancel);
        try
        {
            await _running.WaitAsync(FarewellPatience, _time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            Cancel(_quit);
            await _running;
        }
    }

    /// <summary>Runs what is due of a study that has ended, in a process that did not follow it.</summary>
    public static async Task FinishOnceAsync(OpenStudy study, StudySpec spec, TimeProvider time, ILogger logger, CancellationToken kill)
    {
        await using var duty = new HookDuty(study, time, logger);
        duty.Follow(spec);
        await duty.FinishAsync(kill);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Cancel(_quit);
        await _running;
        if (_guard is not null)
            await _guard.DisposeAsync();

        _ending.Dispose();
        _quit.Dispose();
    }

    private TrainerGuard Guard => _guard ??= TrainerGuard.Start($"hooks-{ProcessIdentity.Current.Pid}-{ProcessIdentity.Current.StartTicks}-{Interlocked.Increment(ref _names)}", _logger, _time);

    // CancelAsync would hop to the thread pool: where there are no hooks, a worker goes on in its own order.
    private static void Cancel(CancellationTokenSource source) => source.Cancel();

    private bool IsEnding => _ending.IsCancellationRequested;

    /// <summary>Whether only the study's end is still told: what else is due would hold the leaving up for too long.</summary>
    private bool IsLate => IsEnding && _time.GetElapsedTime(Volatile.Read(ref _endingSince)) > _timeout;

    private async Task RunAsync(IHookLedger ledger)
    {
        string? trouble = null;
        while (!_quit.IsCancellationRequested)
        {
            try
            {
                if (await TakeTurnAsync(ledger))
                    return;

                trouble = null;
            }
            catch (OperationCanceledException) when (_quit.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever goes wrong with hooks must not reach the study.
            catch (Exception error)
#pragma warning restore CA1031
            {
                if (!string.Equals(trouble, error.Message, StringComparison.Ordinal))
                    LogTrouble(trouble = error.Message);
            }

            if (_isStopping || (IsEnding && _time.GetElapsedTime(Volatile.Read(ref _endingSince)) > (3 * _timeout) + SilencePatience))
                return;

            await PauseAsync(trouble is null && !IsEnding ? ledger.Pause : PauseAfterTrouble);
        }
    }

    /// <summary>Takes the turn and runs hooks as long as it has it; false if another has it.</summary>
    private async Task<bool> TakeTurnAsync(IHookLedger ledger)
    {
        await using var turn = await ledger.TryTakeAsync(_quit.Token);
        if (turn is null)
            return false;

        var program = new HookProgram(_study.Directory, Guard, _time);
        var queue = await HookQueue.OpenAsync(_study.Store, turn.Done, _time, _quit.Token);
        if (turn.Done > queue.Version && await queue.IsCutAsync(turn.Done, _quit.Token))
            await turn.NoteAsync(queue.Version, _quit.Token);

        var noted = _time.GetTimestamp();
        while (!_isStopping)
        {
            var isLast = IsEnding;
            var calls = await queue.ReadAsync(_quit.Token);
            if (!await RunAsync(calls, queue, program, turn))
                return true;

            if (!queue.IsAtEnd)
                continue;

            if (calls.Count == 0 && (isLast || _time.GetElapsedTime(noted) > NotePeriod))
            {
                await turn.NoteAsync(queue.Version, _quit.Token);
                noted = _time.GetTimestamp();
            }

            if (!isLast)
            {
                await WaitAsync(queue.Version);
            }
            else if (calls.Count == 0)
            {
                SayWhatWasSkipped();
                return true;
            }
        }

        return true;
    }

    /// <summary>Runs hooks one after the other; false if it was asked to stop before the last.</summary>
    private async Task<bool> RunAsync(IReadOnlyList<HookCall> calls, HookQueue queue, HookProgram program, IHookTurn turn)
    {
        for (var i = 0; i < calls.Count; i++)
        {
            if (_isStopping)
                return false;

            var call = calls[i];
            var spec = await queue.SpecAsync(_quit.Token);
            _timeout = spec.Hooks.Timeout;
            if (!spec.Hooks.Commands.ContainsKey(call.Kind))
            {
                // It was taken out of the spec since.
            }
            else if (IsLate && call.Kind != HookKind.Finished)
            {
                _skipped++;
            }
            else
            {
                Note(call, await program.RunAsync(call, spec, _quit.Token));
            }

            if (i + 1 == calls.Count || calls[i + 1].Version != call.Version)
                await turn.NoteAsync(call.Version, _quit.Token);
        }

        return true;
    }

    private void Note(HookCall call, HookOutcome outcome)
    {
        if (outcome.Trouble is null)
            _troubled.Remove(call.Kind);
        else if (_troubled.Add(call.Kind))
            LogFailed(call.Values["kind"], call.Version, outcome.Trouble, _study.Directory.HookLog);

        try
        {
            _log.Write(call, outcome);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or PbtException)
        {
            LogTrouble(error.Message);
        }
    }

    private void SayWhatWasSkipped()
    {
        if (_skipped == 0)
            return;

        LogSkipped(_skipped, _study.Directory.HookLog);
        _log.Write(FormattableString.Invariant($"{_skipped} hooks were not run: they were still due when the study had ended for as long as one may take"));
        _skipped = 0;
    }

    /// <summary>Waits for the log to grow, and a moment more, so that many events are read at once.</summary>
    private async Task WaitAsync(long version)
    {
        await PauseAsync(LeastPeriod);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token, _quit.Token);
        try
        {
            await _study.Store.WaitAsync(version, either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // What is due by now is still read.
        }
    }

    private async Task PauseAsync(TimeSpan pause)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token, _quit.Token);
        await Task.Delay(pause, _time, IsEnding ? _quit.Token : either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [LoggerMessage(1, LogLevel.Warning, "the hook {Kind} (event {Version}) {Trouble}; see {Log}")]
    private partial void LogFailed(string kind, long version, string trouble, string log);

    [LoggerMessage(2, LogLevel.Warning, "hooks cannot be run just now: {Message}")]
    private partial void LogTrouble(string message);

    [LoggerMessage(3, LogLevel.Warning, "{Count} hooks were not run: they were still due when the study ended; see {Log}")]
    private partial void LogSkipped(int count, string log);
}
