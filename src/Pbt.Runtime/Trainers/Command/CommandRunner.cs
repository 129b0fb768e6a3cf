using Pbt.Runtime.Processes;

namespace Pbt.Runtime.Trainers.Command;

/// <summary>Runs each attempt as a program of its own: the command protocol (docs/trainers.md).</summary>
/// <param name="guard">Ends what is running if the worker dies; null where there is none.</param>
/// <param name="time">Measures time-outs and progress periods.</param>
public sealed class CommandRunner(TrainerGuard? guard, TimeProvider time) : IAttemptRunner
{
    private static readonly TimeSpan ProgressPeriod = TimeSpan.FromSeconds(1);

    private readonly AttemptProgram _program = new(guard, time);

    /// <inheritdoc/>
    public async Task<TrainerOutcome> RunAsync(AttemptContext context, CancellationToken interrupt, CancellationToken kill)
    {
        var resultPath = Path.Combine(context.ScratchPath, AttemptVariables.ResultFile);
        var values = AttemptVariables.PlaceholdersOf(context, resultPath);
        await AttemptVariables.WriteHyperparametersAsync(context);

        var progress = new ProgressTail(values["metrics"], context.Progress);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(interrupt);
        var following = progress.FollowAsync(ProgressPeriod, time, over.Token);
        TrainerOutcome outcome;
        try
        {
            outcome = await _program.TrainAsync(context, values, resultPath, interrupt, kill)
                ?? await _program.EvaluateAsync(context, context.Spec.Evaluate!, interrupt, kill);
        }
        finally
        {
            await over.CancelAsync();
            await following;
        }

        progress.ReadNew(isFinal: true);
        return outcome;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
