using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Core.Wording;
using Pbt.Runtime.Processes;

namespace Pbt.Runtime.Trainers.Session;

/// <summary>Starts a resident trainer and waits for its hello.</summary>
internal sealed class SessionStart(TrainerGuard? guard, int places, TimeProvider time)
{
    /// <summary>The trainer, or what becomes of the attempt that it was to be started for.</summary>
    /// <exception cref="IOException">The machinery failed.</exception>
    public async Task<(SessionTrainer? Trainer, TrainerOutcome? Outcome)> StartAsync(AttemptContext context, CancellationToken interrupt, CancellationToken kill)
    {
        var spec = (SessionTrainerSpec)context.Spec.Trainer;
        using var socket = SessionSocket.Listen();
        if (TrainerProcess.TryStart(context, socket.Path, guard, time, out var refusal) is not { } process)
            return (null, new TrainerOutcome.Failed(FailureKind.NotStarted, $"the trainer could not be started: {refusal}"));

        using var late = new CancellationTokenSource(spec.StartTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(interrupt, late.Token);
        SessionConnection? connection = null;
        try
        {
            if (await FirstAsync(socket.AcceptAsync(either.Token), process, either.Token) is not { } accepted)
                return await EndedAsync(process, "before it connected to $PBT_SOCKET", kill);

            connection = new SessionConnection(accepted);
            if (await FirstAsync(connection.FirstAsync(either.Token), process, either.Token) is not { } first)
                return await EndedAsync(process, "before it said \"hello\"", kill, connection);

            if (first is not TrainerMessage.Hello hello)
                return await BrokenAsync(process, connection, first is TrainerMessage.Broken { Reason: var reason } ? reason : "its first message is not \"hello\"", kill);

            var limits = new SessionLimits(context.Spec.Name, places, spec.Silence);
            return (SessionTrainer.Of(process, connection, hello, limits, time, kill), null);
        }
        catch (IOException)
        {
            // The machinery failed: the attempt is tried again, with another process.
            await process.EndAsync(kill);
            throw;
        }
        catch (OperationCanceledException)
        {
            var (_, ended) = await EndedAsync(process, string.Empty, kill, connection);
            return (null, interrupt.IsCancellationRequested
                ? new TrainerOutcome.Interrupted()
                : ((TrainerOutcome.Failed)ended!) with
                {
                    Kind = FailureKind.TimedOut,
                    Reason = $"the trainer did not {(connection is null ? "connect to $PBT_SOCKET" : "say \"hello\"")} within its start_timeout of {Words.Exactly(spec.StartTimeout)}; a session's trainer speaks the protocol of docs/protocol.md",
                });
        }
    }

    /// <summary>What a task gives, or null if the process ends before.</summary>
    private static async Task<T?> FirstAsync<T>(Task<T> task, TrainerProcess process, CancellationToken cancellationToken)
        where T : class?
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var exit = process.WaitAsync(over.Token);
        await Task.WhenAny(task, exit);
        if (!task.IsCompleted && exit.IsCompletedSuccessfully)
        {
            // What it did last may still be on its way.
            await Task.WhenAny(task, Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken));
            if (!task.IsCompleted)
                return null;
        }

        await over.CancelAsync();
        return await task;
    }

    private static async Task<(SessionTrainer?, TrainerOutcome?)> EndedAsync(TrainerProcess process, string when, CancellationToken kill, SessionConnection? connection = null)
    {
        if (connection is not null)
            await connection.DisposeAsync();

        var hasEnded = when.Length > 0 && await process.EndsByItselfAsync(Command.AttemptProgram.TerminationGrace, kill);
        var status = await process.EndAsync(kill);
        var failed = hasEnded
            ? new TrainerOutcome.Failed(Command.AttemptProgram.KindOf(status), $"the trainer ended with {status} {when}", process.LogTail)
            : new TrainerOutcome.Failed(FailureKind.BrokenProtocol, $"the trainer closed its connection {when}", process.LogTail);
        return (null, failed);
    }

    private static async Task<(SessionTrainer?, TrainerOutcome?)> BrokenAsync(TrainerProcess process, SessionConnection connection, string reason, CancellationToken kill)
    {
        connection.TrySend(WorkerMessage.Error(reason));
        await process.EndsByItselfAsync(Command.AttemptProgram.TerminationGrace, kill);
        await connection.DisposeAsync();
        var status = await process.EndAsync(kill);
        var outcome = new SessionEnd.Broken(reason).OutcomeFor(attempt: 0, status);
        return (null, ((TrainerOutcome.Failed)outcome) with { LogTail = process.LogTail });
    }
}
