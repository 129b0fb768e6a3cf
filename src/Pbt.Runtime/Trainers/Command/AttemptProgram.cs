using System.Collections.Immutable;
using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Core.Wording;
using Pbt.Runtime.Processes;
using Pbt.Storage.FileSystem;
using Pbt.Storage.Logs;

namespace Pbt.Runtime.Trainers.Command;

/// <summary>Runs programs that live as long as one attempt at most: a command trainer, or the evaluation of a checkpoint.</summary>
/// <remarks>
/// Each leads a session of its own, and whatever it leaves behind is ended with it. It is registered with the worker's
/// guard, so that it does not outlive the worker either.
/// </remarks>
/// <param name="guard">Ends what is running if the worker dies; null where there is none.</param>
/// <param name="time">Measures time-outs.</param>
internal sealed class AttemptProgram(TrainerGuard? guard, TimeProvider time)
{
    /// <summary>What a program that has been asked to end may take to do so.</summary>
    public static readonly TimeSpan TerminationGrace = TimeSpan.FromSeconds(5);

    /// <summary>Trains by the spec's command, and reads its score unless a second program gives it.</summary>
    /// <returns>How it ended; null if it ended well and is to be evaluated.</returns>
    public async Task<TrainerOutcome?> TrainAsync(
        AttemptContext context, IReadOnlyDictionary<string, string> values, string resultPath, CancellationToken interrupt, CancellationToken kill)
    {
        // Of the attempt's own spec: it may have been changed since the runner was made.
        var trainer = (CommandTrainerSpec)context.Spec.Trainer;
        var training = new Execution("the trainer", trainer.Command, trainer.Timeout, context, values, trainer.WorkingDirectory);
        if (await ExecuteAsync(training, interrupt, kill) is { } trouble)
            return trouble;

        return context.Spec.Evaluate is null ? Read(trainer.Score, resultPath, context) : null;
    }

    /// <summary>Evaluates the checkpoint that an attempt has written by the spec's second program.</summary>
    public async Task<TrainerOutcome> EvaluateAsync(AttemptContext context, EvaluateSpec evaluate, CancellationToken interrupt, CancellationToken kill)
    {
        var resultPath = Path.Combine(context.ScratchPath, AttemptVariables.EvaluationResultFile);
        var values = AttemptVariables.PlaceholdersOf(context, resultPath);
        var directory = ((ProgramTrainerSpec)context.Spec.Trainer).WorkingDirectory;
        var evaluation = new Execution("the evaluation", evaluate.Command, evaluate.Timeout, context, values, directory);
        return await ExecuteAsync(evaluation, interrupt, kill) ?? Read(evaluate.Score, resultPath, context);
    }

    /// <summary>How a program failed that ended so although it should not have.</summary>
    public static FailureKind KindOf(ExitStatus status) => status.WasKilled ? FailureKind.Killed : FailureKind.Crashed;

    private TrainerOutcome Read(ScoreSource source, string resultPath, AttemptContext context) =>
        ScoreReader.Read(source, resultPath, LogTail.Lines(context.LogPath), context.Spec, time) switch
        {
            ResultReading.Valid valid => new TrainerOutcome.Completed(valid.Result),
            ResultReading.Invalid invalid => new TrainerOutcome.Failed(invalid.Kind, invalid.Reason, LogTail.Shown(context.LogPath)),
            _ => throw new NotSupportedException(),
        };

    /// <summary>Runs one program; null if it ended well.</summary>
    private async Task<TrainerOutcome?> ExecuteAsync(Execution execution, CancellationToken interrupt, CancellationToken kill)
    {
        if (interrupt.IsCancellationRequested)
            return new TrainerOutcome.Interrupted();

        // What ran before may have put a link or a pipe in the log's place.
        UntrustedFile.Clear(execution.Context.LogPath);
        ChildProcess child;
        switch (ChildProcess.Start(execution.ToLaunch(guard), time))
        {
            case ProcessStart.Started started:
                child = started.Child;
                break;
            case ProcessStart.NotStarted refused:
                return new TrainerOutcome.Failed(FailureKind.NotStarted, $"{execution.Name} could not be started: {refused.Reason}");
            default:
                throw new NotSupportedException();
        }

        guard?.Register(child.Pid);
        try
        {
            return await WaitAsync(execution, child, interrupt, kill);
        }
        finally
        {
            guard?.Unregister(child.Pid);
        }
    }

    private async Task<TrainerOutcome?> WaitAsync(Execution execution, ChildProcess child, CancellationToken interrupt, CancellationToken kill)
    {
        try
        {
            var exit = child.WaitAsync(interrupt);
            var status = await (execution.Timeout is { } limit ? exit.WaitAsync(limit, time, interrupt) : exit);
            child.EndLeftovers();
            return status.Succeeded
                ? null
                : new TrainerOutcome.Failed(KindOf(status), $"{execution.Name} ended with {status}", LogTail.Shown(execution.Context.LogPath));
        }
        catch (TimeoutException)
        {
            await child.EndAsync(TerminationGrace, kill);
            return new TrainerOutcome.Failed(
                FailureKind.TimedOut, $"{execution.Name} took longer than its timeout of {Words.Exactly(execution.Timeout!.Value)}", LogTail.Shown(execution.Context.LogPath));
        }
        catch (OperationCanceledException)
        {
            await child.EndAsync(TerminationGrace, kill);
            return new TrainerOutcome.Interrupted();
        }
    }

    /// <summary>One program to run for an attempt.</summary>
    private sealed record Execution(
        string Name,
        ImmutableArray<CommandArgument> Command,
        TimeSpan? Timeout,
        AttemptContext Context,
        IReadOnlyDictionary<string, string> Values,
        string WorkingDirectory)
    {
        public ProcessLaunch ToLaunch(TrainerGuard? guard)
        {
            var arguments = Placeholders.Fill(Command, Values);
            var environment = AttemptVariables.EnvironmentOf(Context, InheritedEnvironment.Read(), Values);
            if (guard is not null)
                environment[guard.Mark.Name] = guard.Mark.Value;

            return new ProcessLaunch
            {
                FileName = arguments[0],
                Arguments = [.. arguments.Skip(1)],
                WorkingDirectory = WorkingDirectory,
                Environment = environment,
                StandardOutputPath = Context.LogPath,
                StandardErrorPath = Context.LogPath,
            };
        }
    }
}
