using System.Globalization;
using Pbt.Core.Studies;

namespace Pbt.Testing.Simulation;

/// <summary>One simulated study and what goes wrong in it: a function of these few values.</summary>
/// <remarks>Immutable. Its text is what reproduces it.</remarks>
public sealed record FaultScenario
{
    /// <summary>The key of the order of turns, of all times and of all faults.</summary>
    public required int Seed { get; init; }

    /// <summary>The key of the study's spec.</summary>
    public required int SpecSeed { get; init; }

    /// <summary>Members.</summary>
    public required int Population { get; init; }

    /// <summary>Intervals of each member.</summary>
    public required int Intervals { get; init; }

    /// <summary>Workers that are kept alive.</summary>
    public required int Workers { get; init; }

    /// <summary>Slots of a worker: drawn from 1 … this.</summary>
    public int Slots { get; init; } = 1;

    /// <summary>What may go wrong.</summary>
    public Faults Faults { get; init; } = Faults.All;

    /// <summary>How often it does: 1 is some faults an interval in a small study.</summary>
    public double Intensity { get; init; } = 1;

    /// <summary>A small study of 2 to 24 members, with 1 to 50 workers and nasty rates.</summary>
    public static FaultScenario Small(int seed)
    {
        var random = new Random(seed);
        return new FaultScenario
        {
            Seed = seed,
            SpecSeed = seed,
            Population = 2 + random.Next(random.Next(2, 24)),
            Intervals = 1 + random.Next(40),
            Workers = 1 + random.Next(random.Next(1, 50)),
            Slots = 1 + random.Next(3),
            Faults = random.Next(4) == 0 ? (Faults)random.Next((int)Faults.All + 1) : Faults.All,
            Intensity = Math.Pow(10, (random.NextDouble() * 2) - 1.5),
        };
    }

    /// <summary>A study of thousands of workers.</summary>
    public static FaultScenario Large(int seed, int workers, int intervals) => new()
    {
        Seed = seed,
        SpecSeed = -1,
        Population = workers,
        Intervals = intervals,
        Workers = workers,
        Intensity = 0.01,
    };

    /// <summary>Smaller ones that may fail for the same reason, the boldest first.</summary>
    public IEnumerable<FaultScenario> Reductions()
    {
        foreach (var fault in Enum.GetValues<Faults>())
        {
            if (fault is not (Faults.None or Faults.All) && Faults.HasFlag(fault))
                yield return this with { Faults = Faults & ~fault };
        }

        foreach (var (workers, population, intervals) in new[] { (2, 1, 1), (1, 2, 1), (1, 1, 2) })
        {
            if (Workers / workers >= 1 && Population / population >= 2 && Intervals / intervals >= 1)
                yield return this with { Workers = Workers / workers, Population = Population / population, Intervals = Intervals / intervals };
        }

        if (Slots > 1)
            yield return this with { Slots = 1 };
        if (Workers > 1)
            yield return this with { Workers = Workers - 1 };
        if (Population > 2)
            yield return this with { Population = Population - 1 };
        if (Intervals > 1)
            yield return this with { Intervals = Intervals - 1 };
    }

    /// <summary>The study's spec.</summary>
    public StudySpec Spec() => SimulatedSpecs.Draw(SpecSeed, Population, Intervals);

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"--seed {Seed} --spec-seed {SpecSeed} --population {Population} --study-intervals {Intervals} --workers {Workers} --slots {Slots} --intensity {Intensity:R} --faults {Faults.ToString().Replace(" ", "", StringComparison.Ordinal)}");
}
