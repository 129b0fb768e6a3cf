using Pbt.Core.Comparisons;
using Pbt.Core.Studies;

namespace Pbt.Runtime.Simulation;

/// <summary>How a simulated study ended.</summary>
public abstract record SimulatedRun
{
    private SimulatedRun()
    {
    }

    /// <summary>It came to scores.</summary>
    public sealed record Completed(RunOutcome Outcome) : SimulatedRun;

    /// <summary>It came to no score.</summary>
    /// <param name="Reason">Why, as a clause.</param>
    public sealed record Failed(string Reason) : SimulatedRun;
}

/// <summary>Many studies of built-in trainers, simulated on several cores.</summary>
/// <remarks>Each is a function of its spec, so what comes out does not depend on how many run at a time.</remarks>
public static class SimulatedRuns
{
    /// <summary>Simulates each study; what comes out is in the same order.</summary>
    /// <param name="specs">What to run.</param>
    /// <param name="parallelism">How many at a time, at least 1.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="InvalidRequestException">One cannot be simulated: <see cref="StudySimulation.Run"/>.</exception>
    public static async Task<IReadOnlyList<SimulatedRun>> RunAsync(
        IReadOnlyList<StudySpec> specs, int parallelism, CancellationToken cancellationToken = default)
    {
        var runs = new SimulatedRun[specs.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, specs.Count, options, (i, token) =>
        {
            runs[i] = Run(specs[i], token);
            return ValueTask.CompletedTask;
        });
        return runs;
    }

    private static SimulatedRun Run(StudySpec spec, CancellationToken cancellationToken)
    {
        var state = StudySimulation.Run(spec, cancellationToken);
        return RunOutcome.Objection(state) is { } objection ? new SimulatedRun.Failed(objection) : new SimulatedRun.Completed(RunOutcome.Of(state));
    }
}
