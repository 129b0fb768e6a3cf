using Pbt.Core.Population;
using Pbt.Runtime.Trainers;
using Pbt.Runtime.Workers;

namespace Pbt.Testing.Simulation;

/// <summary>The files of attempts that nobody reads: none.</summary>
internal sealed class SimulatedFiles(FaultWeather weather) : IAttemptFiles
{
    /// <inheritdoc/>
    public AttemptPaths Prepare(CheckpointId attempt, bool hasScratch)
    {
        Probe(attempt.Attempt);
        return new AttemptPaths(string.Empty, string.Empty, string.Empty);
    }

    /// <inheritdoc/>
    public void Probe(AttemptId attempt)
    {
        if (weather.Strikes(Faults.Files, 0.05))
            throw new IOException("simulated: the disk is full");
    }

    /// <inheritdoc/>
    public bool IsFull() => weather.Strikes(Faults.Files, 0.001);

    /// <inheritdoc/>
    public string? FindDeleted(AttemptContext context) => null;

    /// <inheritdoc/>
    public string LogOf(CheckpointId attempt) => string.Empty;

    /// <inheritdoc/>
    public void Remove(AttemptId attempt) => Probe(attempt);
}
