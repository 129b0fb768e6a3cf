using System.Collections.Immutable;
using Pbt.Core.Population;
using Pbt.Runtime.Trainers;

namespace Pbt.Testing.Simulation;

/// <summary>A trainer whose result is a function of where it starts, its hyperparameters and its seed.</summary>
internal sealed class SimulatedRunner(CheckpointVault vault, StudyAuditor auditor, VirtualProcess process, FaultWeather weather, TimeSpan usual) : IAttemptRunner
{
    private const int FailuresOf1000 = 60;
    private const int Samples = 10;

    /// <inheritdoc/>
    public async Task<TrainerOutcome> RunAsync(AttemptContext context, CancellationToken interrupt, CancellationToken kill)
    {
        auditor.Training(process, context.Assignment);
        try
        {
            await Task.Delay(weather.About(usual), process.Time, interrupt);
        }
        catch (OperationCanceledException)
        {
            return new TrainerOutcome.Interrupted();
        }
        finally
        {
            auditor.Trained(process, context.Assignment);
        }

        if (weather.Strikes(Faults.TrainerKilled, 0.05))
            return new TrainerOutcome.Failed(FailureKind.Killed, "simulated: killed");
        if (weather.Strikes(Faults.TrainerKilled, 0.05))
            throw new IOException("simulated: the result could not be read");

        return Train(context);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private TrainerOutcome Train(AttemptContext context)
    {
        var assignment = context.Assignment;
        var random = new Random(assignment.Seed);
        if (random.Next(1000) < FailuresOf1000)
        {
            return random.Next(3) switch
            {
                0 => new TrainerOutcome.Failed(FailureKind.InvalidScore, "simulated: the score is NaN"),
                1 => new TrainerOutcome.Failed(FailureKind.Crashed, "simulated: crashed"),
                _ => new TrainerOutcome.Completed(TrainerResult.Of(0)), // It leaves no checkpoint.
            };
        }

        var start = 0.0;
        if (assignment.CheckpointIn is { } inherited && !vault.Published.TryGetValue(inherited, out start))
            return new TrainerOutcome.Failed(FailureKind.Crashed, "simulated: its start was deleted under it");

        var rate = context.Spec.Hyperparameters.Definitions[0].ToUnit(assignment.Hyperparameters[0].Value);
        var end = start + (1 - Math.Abs(rate - 0.7)) + (0.2 * random.NextDouble());
        vault.Staged[assignment.CheckpointOut] = end;
        var samples = context.Spec.Exploit is Core.Studies.TTestExploit ? Enumerable.Range(0, Samples).Select(_ => end + random.NextDouble()).ToImmutableArray() : [];
        return new TrainerOutcome.Completed(TrainerResult.Of(end) with { Samples = samples });
    }
}
