using System.Globalization;
using Pbt.Testing.Simulation;

namespace Pbt.Simulation.Host;

/// <summary>What to simulate.</summary>
internal sealed record Options
{
    public const string Usage = """
        usage: eng/simulate-faults [--seed N] [--intervals N] [--verbose]
                 studies of seeds N, N + 1, …, until so many intervals are completed (default 1 and 100000):
                 small ones, and every 500th of 2,000 members and workers
               eng/simulate-faults --large --workers N --study-intervals N [--seed N]
                 one study of N members and N workers
               eng/simulate-faults --seed N --spec-seed N --population N --study-intervals N --workers N --slots N --intensity X --faults A,B
                 one study again: any of these replaces what the seed gives
        """;

    private const int SmallForLarge = 500;
    private const int LargeWorkers = 2000;
    private const int LargeIntervals = 100;
    private static readonly string[] Switches = ["large", "verbose"];
    private static readonly string[] Names = ["seed", "intervals", "spec-seed", "population", "study-intervals", "workers", "slots", "intensity", "faults"];

    private Dictionary<string, string> Given { get; } = new(StringComparer.Ordinal);

    public long Intervals => Given.TryGetValue("intervals", out var text) ? long.Parse(text, CultureInfo.InvariantCulture) : IsOne ? long.MaxValue : 100_000;

    public bool IsVerbose => Given.ContainsKey("verbose");

    private bool IsLarge => Given.ContainsKey("large");

    private bool IsOne => IsLarge || Given.Keys.Except(["seed", "intervals", "verbose"], StringComparer.Ordinal).Any();

    public static Options? Parse(string[] args)
    {
        var options = new Options();
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i].StartsWith("--", StringComparison.Ordinal) ? args[i][2..] : string.Empty;
            if (Switches.Contains(name, StringComparer.Ordinal))
                options.Given[name] = string.Empty;
            else if (Names.Contains(name, StringComparer.Ordinal) && i + 1 < args.Length)
                options.Given[name] = args[++i];
            else
                return null;
        }

        return options;
    }

    public IEnumerable<FaultScenario> Scenarios()
    {
        var seed = Number("seed") ?? 1;
        if (IsOne)
            return [Override(IsLarge ? FaultScenario.Large(seed, Number("workers") ?? 1000, Number("study-intervals") ?? 20) : FaultScenario.Small(seed))];

        return Enumerable.Range(seed, int.MaxValue - seed).Select(static seed => seed % SmallForLarge == 0 ? FaultScenario.Large(seed, LargeWorkers, LargeIntervals) : FaultScenario.Small(seed));
    }

    private FaultScenario Override(FaultScenario scenario) => scenario with
    {
        SpecSeed = Number("spec-seed") ?? scenario.SpecSeed,
        Population = Number("population") ?? scenario.Population,
        Intervals = Number("study-intervals") ?? scenario.Intervals,
        Workers = Number("workers") ?? scenario.Workers,
        Slots = Number("slots") ?? scenario.Slots,
        Intensity = Given.TryGetValue("intensity", out var text) ? double.Parse(text, CultureInfo.InvariantCulture) : scenario.Intensity,
        Faults = Given.TryGetValue("faults", out var faults) ? Enum.Parse<Faults>(faults) : scenario.Faults,
    };

    private int? Number(string name) => Given.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
