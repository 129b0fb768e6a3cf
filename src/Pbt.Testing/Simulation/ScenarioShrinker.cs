namespace Pbt.Testing.Simulation;

/// <summary>Finds a small scenario that still fails.</summary>
public static class ScenarioShrinker
{
    private const int Seeds = 5;

    /// <summary>Reduces a failing scenario as long as a reduction of it fails under one of a few seeds.</summary>
    /// <param name="failed">The report of a failing scenario.</param>
    /// <param name="doctor">What was put into its simulation.</param>
    /// <param name="runs">The most simulations to try.</param>
    public static FaultReport Shrink(FaultReport failed, FaultDoctor? doctor = null, int runs = 400)
    {
        ArgumentNullException.ThrowIfNull(failed);
        while (Smaller(failed, doctor, ref runs) is { } smaller)
            failed = smaller;

        return failed;
    }

    private static FaultReport? Smaller(FaultReport failed, FaultDoctor? doctor, ref int runs)
    {
        foreach (var reduction in failed.Scenario.Reductions())
        {
            for (var i = 0; i < Seeds; i++)
            {
                if (runs-- <= 0)
                    return null;

                var report = FaultSimulation.Run(reduction with { Seed = failed.Scenario.Seed + i }, doctor);
                if (report.Violation is not null)
                    return report;
            }
        }

        return null;
    }
}
