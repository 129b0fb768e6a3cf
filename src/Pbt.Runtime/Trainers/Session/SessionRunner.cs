using Pbt.Core.Population;
using Pbt.Runtime.Processes;
using Pbt.Runtime.Trainers.Command;

namespace Pbt.Runtime.Trainers.Session;

/// <summary>Runs attempts in a program that stays in memory: the session protocol (docs/protocol.md).</summary>
/// <remarks>
/// The program is started with the slot's first attempt, and anew when it has ended and there is more to run. It is
/// registered with the worker's guard, so that it does not outlive the worker.
/// </remarks>
/// <param name="guard">Ends the program if the worker dies; null where there is none.</param>
/// <param name="places">How many attempts at once the slot may run, if the program takes so many.</param>
/// <param name="time">Measures time-outs.</param>
public sealed class SessionRunner(TrainerGuard? guard, int places, TimeProvider time) : IAttemptRunner
{
    /// <summary>The most places that a slot may have.</summary>
    public const int MaxPlaces = TrainerMessageReader.MaxCapacity;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _starting = new(1);
    private readonly AttemptProgram _program = new(guard, time);
    private readonly SessionStart _start = new(guard, places, time);
    private readonly Held?[] _held = new Held?[places];
    private readonly HashSet<int> _resting = [];
    private SessionTrainer? _trainer;
    private TimeSpan _grace;
    private CancellationToken _kill;
    private int _open = 1;
    private TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <inheritdoc/>
    public async Task ReadyAsync(int place, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task opened;
            lock (_gate)
            {
                _resting.Remove(place);
                if (place < _open)
                    return;

                opened = _opened.Task;
            }

            await opened.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Rest(int place)
    {
        lock (_gate)
            _resting.Add(place);

        Settle();
    }

    /// <inheritdoc/>
    public bool Holds(int place, CheckpointId checkpoint)
    {
        lock (_gate)
            return _trainer is { IsAlive: true } && _held[place] is { } held && held.Trainer == _trainer && held.Checkpoint == checkpoint;
    }

    /// <inheritdoc/>
    public void Stop(TimeSpan grace)
    {
        lock (_gate)
            _trainer?.Stop("the worker was asked to stop", grace);
    }

    /// <inheritdoc/>
    public async Task<TrainerOutcome> RunAsync(AttemptContext context, CancellationToken interrupt, CancellationToken kill)
    {
        (_grace, _kill) = (context.Spec.Trainer.Grace, kill);
        var (trainer, instead) = await TrainerForAsync(context, interrupt, kill);
        if (instead is not null)
            return instead;

        var running = trainer!.RunAsync(context, interrupt);
        Settle();
        var outcome = await running
            ?? throw new IOException("its trainer ended just as the interval was to begin");
        await trainer.SettleAsync(context);
        if (outcome is TrainerOutcome.Completed && context.Spec.Evaluate is { } evaluate)
            outcome = await _program.EvaluateAsync(context, evaluate, interrupt, kill);

        lock (_gate)
            _held[context.Place] = outcome is TrainerOutcome.Completed ? new Held(trainer, context.Assignment.CheckpointOut) : null;

        return outcome;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_trainer is { } trainer)
        {
            trainer.Stop("there is nothing more to do", _grace);
            await Task.WhenAny(trainer.WaitAsync(), Task.Delay(_grace, time, _kill));
            await trainer.DisposeAsync();
        }

        _starting.Dispose();
    }

    /// <summary>The trainer that is to run an attempt, started where there is none; or what becomes of the attempt without.</summary>
    private async Task<(SessionTrainer? Trainer, TrainerOutcome? Outcome)> TrainerForAsync(AttemptContext context, CancellationToken interrupt, CancellationToken kill)
    {
        try
        {
            await _starting.WaitAsync(interrupt);
        }
        catch (OperationCanceledException)
        {
            return (null, new TrainerOutcome.Interrupted());
        }

        try
        {
            if (_trainer is { IsAlive: true } current)
                return Check(current, context);

            if (_trainer is { } ended)
                await ended.DisposeAsync();

            if (context.IsHeld)
                throw new IOException($"the trainer has ended that had {context.Assignment.Member} in memory");

            var (trainer, outcome) = await _start.StartAsync(context, interrupt, kill);
            Open(trainer);
            return trainer is null ? (null, outcome) : Check(trainer, context);
        }
        finally
        {
            _starting.Release();
        }
    }

    private (SessionTrainer? Trainer, TrainerOutcome? Outcome) Check(SessionTrainer trainer, AttemptContext context)
    {
        // A trainer that was started anew may take fewer members than the one before.
        if (context.Place >= trainer.Places)
            return (null, new TrainerOutcome.Interrupted());

        return !context.IsHeld || Holds(context.Place, context.Assignment.CheckpointIn!.Value)
            ? (trainer, null)
            : throw new IOException($"the trainer has ended that had {context.Assignment.Member} in memory");
    }

    private void Open(SessionTrainer? trainer)
    {
        lock (_gate)
        {
            _trainer = trainer;
            _open = trainer?.Places ?? 1;
            _opened.TrySetResult();
            _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Tells a trainer that could take more that nothing more comes for now, if so.</summary>
    private void Settle()
    {
        lock (_gate)
            _trainer?.Rest(_resting.Count(place => place < _open));
    }

    /// <summary>What a place has in memory.</summary>
    private sealed record Held(SessionTrainer Trainer, CheckpointId Checkpoint);
}
