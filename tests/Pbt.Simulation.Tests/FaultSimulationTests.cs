using Pbt.Testing.Simulation;

namespace Pbt.Simulation.Tests;

public sealed class FaultSimulationTests
{
    public static TheoryData<int> Blocks() => [.. Enumerable.Range(0, 6)];

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Nothing_is_lost_whatever_goes_wrong(int block)
    {
        const int Studies = 8;
        foreach (var seed in Enumerable.Range(10_000 + (block * Studies), Studies))
            AssertHolds(FaultSimulation.Run(FaultScenario.Small(seed)));
    }

    [Fact]
    public void Hundreds_of_workers_lose_nothing()
    {
        var report = FaultSimulation.Run(FaultScenario.Large(seed: 3, workers: 300, intervals: 10));
        AssertHolds(report);
        Assert.Equal(3000, report.Completed + report.Failed);
        Assert.NotEmpty(report.Faults);
    }

    [Fact]
    public void The_same_seed_is_the_same_to_the_last_turn_and_another_is_not()
    {
        var scenario = FaultScenario.Small(77);
        var (first, again, other) = (FaultSimulation.Run(scenario), FaultSimulation.Run(scenario), FaultSimulation.Run(scenario with { Seed = 78 }));
        Assert.Equal((first.Fingerprint, first.Turns, first.Time), (again.Fingerprint, again.Turns, again.Time));
        Assert.NotEqual(first.Fingerprint, other.Fingerprint);
    }

    [Fact]
    public void A_synchronous_study_comes_to_the_same_with_any_workers_and_any_faults()
    {
        var compared = 0;
        for (var seed = 500; compared < 8; seed++)
        {
            var scenario = FaultScenario.Small(seed) with { Faults = Faults.All & ~Faults.User };
            if (scenario.Spec().Mode != Core.Studies.StudyMode.Synchronous)
                continue;

            var disturbed = FaultSimulation.Run(scenario);
            AssertHolds(disturbed);
            var undisturbed = FaultSimulation.Run(scenario with { Faults = Faults.None, Workers = 1 + (seed % 5), Slots = 1, Seed = seed + 1 });
            AssertHolds(undisturbed);
            Assert.Equal(undisturbed.OutcomeDigest, disturbed.OutcomeDigest);
            compared++;
        }
    }

    private static void AssertHolds(FaultReport report)
    {
        if (report.Violation is null)
            return;

        var small = ScenarioShrinker.Shrink(report, runs: 100);
        Assert.Fail($"{report.Violation}\n{report.Scenario}\nat its smallest:\n{string.Join('\n', small.Recent)}\n{small.Violation}\neng/simulate-faults {small.Scenario}");
    }
}
