using System.Collections.Immutable;
using System.Text.Json;
using Pbt.Core.Population;

namespace Pbt.Runtime.Trainers.Builtin;

/// <summary>Runs a built-in toy with real checkpoints: a file <c>state.json</c> that holds its state.</summary>
public sealed class BuiltinRunner(BuiltinTrainer trainer) : IAttemptRunner
{
    private const string StateFile = "state.json";

    /// <inheritdoc/>
    public Task<TrainerOutcome> RunAsync(AttemptContext context, CancellationToken interrupt, CancellationToken kill)
    {
        if (interrupt.IsCancellationRequested)
            return Task.FromResult<TrainerOutcome>(new TrainerOutcome.Interrupted());

        var state = trainer.InitialState;
        if (context.CheckpointIn is { } start)
        {
            if (ReadState(Path.Combine(start, StateFile)) is not { } read || read.Length != state.Length)
            {
                var reason = $"the checkpoint {start} holds no state of this trainer";
                return Task.FromResult<TrainerOutcome>(new TrainerOutcome.Failed(FailureKind.InvalidCheckpoint, reason));
            }

            state = read;
        }

        state = trainer.Train(state, context.Assignment.Hyperparameters, context.Spec.Interval.Steps!.Value, context.Assignment.Seed);
        File.WriteAllBytes(
            Path.Combine(context.CheckpointOut, StateFile),
            JsonSerializer.SerializeToUtf8Bytes([.. state], RuntimeJson.Default.DoubleArray));

        var score = trainer.Score(state);
        return Task.FromResult<TrainerOutcome>(double.IsFinite(score)
            ? new TrainerOutcome.Completed(TrainerResult.Of(score))
            : new TrainerOutcome.Failed(FailureKind.InvalidScore, "the score is not finite"));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static ImmutableArray<double>? ReadState(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), RuntimeJson.Default.DoubleArray) is { } state ? [.. state] : null;
        }
        catch (Exception error) when (error is JsonException or FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
