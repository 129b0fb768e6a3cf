using System.Globalization;

namespace Pbt.Chaos.Rounds;

/// <summary>What a round runs: all of it follows from the campaign's seed and the round's number.</summary>
internal sealed record RoundPlan(int Number, int Seed, bool IsSynchronous, string Exploit, int Intervals)
{
    public const int Population = 6;

    /// <summary>How long a worker may be silent.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMilliseconds(1500);

    private static readonly string[] Exploits =
    [
        "exploit: { strategy: truncation, top: 0.34, bottom: 0.34 }",
        "exploit: { strategy: binary_tournament }",
        "exploit: { strategy: truncation, top: 0.5, bottom: 0.5, inherit: weights }\nexplore: { strategy: perturb, when: always }",
        "exploit: { strategy: binary_tournament }\nexplore: { strategy: resample, resample_probability: 0.5 }",
        "exploit: { strategy: truncation, top: 0.34, bottom: 0.5 }\ncompare: same_interval",
        "exploit: { strategy: truncation, top: 0.2, bottom: 0.5 }\nmax_lead: 2",
    ];

    /// <summary>Plans a round.</summary>
    public static RoundPlan Of(int seed, int number, ChaosMode mode, int intervals)
    {
        var synchronous = mode switch
        {
            ChaosMode.Synchronous => true,
            ChaosMode.Asynchronous => false,
            _ => number % 2 == 0,
        };

        // The last two settings are of asynchronous studies only.
        var turn = mode == ChaosMode.Both ? number / 2 : number;
        return new RoundPlan(number, unchecked((seed * 1_000_003) + number), synchronous, Exploits[turn % (synchronous ? 4 : 6)], intervals);
    }

    /// <summary>The seed of the study: few of them, so that an undisturbed run serves several rounds.</summary>
    public int StudySeed => (Seed & 1) + 1;

    /// <summary>How it is called.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"round {Number} ({(IsSynchronous ? "synchronous" : "asynchronous")}, {Exploit.Replace('\n', ' ')})");

    /// <summary>The spec.</summary>
    public string Spec => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        name: chaos
        seed: {{StudySeed}}
        population: {{Population}}
        mode: {{(IsSynchronous ? "synchronous" : "asynchronous")}}
        lease: {{Lease.TotalMilliseconds}}ms
        objective: { metric: score, goal: maximize }
        interval: { steps: 10 }
        budget: { intervals: {{Intervals}} }
        hyperparameters:
          h: { type: int, min: 0, max: 1000 }
          lr: { type: float, min: 1.0e-5, max: 1.0e-1, scale: log }
        {{Exploit}}
        checkpoints: { keep_last: 2, keep_best: 2 }
        trainer:
          command: [./train.sh, "{h}"]
          grace: 1s

        """);
}

/// <summary>Which modes of studies.</summary>
internal enum ChaosMode
{
    Both,
    Synchronous,
    Asynchronous,
}
