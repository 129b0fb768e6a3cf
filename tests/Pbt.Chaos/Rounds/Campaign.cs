using System.Diagnostics;
using System.Globalization;
using Pbt.Chaos.Checks;
using Pbt.Chaos.Faults;

namespace Pbt.Chaos.Rounds;

/// <summary>What is asked for.</summary>
internal sealed record CampaignOptions
{
    /// <summary>How many faults must have taken effect.</summary>
    public int Faults { get; init; } = 200;

    /// <summary>How long it must have gone on, in minutes.</summary>
    public double Minutes { get; init; }

    /// <summary>What everything random follows from.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Which modes the rounds alternate between.</summary>
    public ChaosMode Mode { get; init; }

    /// <summary>Where the rounds' folders are; null is a temporary folder.</summary>
    public string? Root { get; init; }

    /// <summary>Whether the folders stay even where all is well.</summary>
    public bool KeepAll { get; init; }

    /// <summary>Which pbt.dll; null is that of this build.</summary>
    public string? Program { get; init; }

    /// <summary>How many faults a round is dealt.</summary>
    public int FaultsInRound { get; init; } = 16;

    /// <summary>How many intervals each member has.</summary>
    public int Intervals { get; init; } = 24;

    /// <summary>The first round's number: to repeat one of another campaign.</summary>
    public int FirstRound { get; init; }
}

/// <summary>Rounds until there were enough faults.</summary>
internal sealed class Campaign(CampaignOptions options, Action<string> say, Action<string>? echo = null)
{
    // What one defect does to many rounds is seen in three.
    private const int MostRoundsInViolation = 3;

    private readonly Dictionary<string, string> _digests = new(StringComparer.Ordinal);

    public FaultTally Tally { get; } = new();

    public List<RoundResult> Results { get; } = [];

    public async Task RunAsync(CancellationToken stop = default)
    {
        var root = options.Root ?? Directory.CreateTempSubdirectory("pbt-chaos-").FullName;
        var clock = Stopwatch.StartNew();
        for (var number = options.FirstRound; !stop.IsCancellationRequested && !IsEnough(clock.Elapsed); number++)
        {
            var plan = RoundPlan.Of(options.Seed, number, options.Mode, options.Intervals);
            var digest = plan.IsSynchronous ? await UndisturbedAsync(plan, root) : null;
            Results.Add(await RunRoundAsync(plan, Path.Combine(root, $"round-{number}"), digest));
        }

        if (!Directory.EnumerateFileSystemEntries(root).Any())
            Directory.Delete(root);
    }

    private bool IsEnough(TimeSpan elapsed) =>
        (Tally.Total >= options.Faults && elapsed.TotalMinutes >= options.Minutes)
        || Results.Count(static r => r.Violations.Count > 0) >= MostRoundsInViolation;

    private async Task<RoundResult> RunRoundAsync(RoundPlan plan, string folder, string? digest)
    {
        var before = Tally.Total;
        using var stage = new Stage(plan, folder, options.Program, mounts: Environment.IsPrivilegedProcess);
        stage.Study.IsKept = options.KeepAll;
        var result = await new Round(plan, stage, Tally, options.FaultsInRound, digest, new Timeline(echo)).RunAsync();
        if (options.KeepAll)
            stage.Keep();

        say(string.Create(
            CultureInfo.InvariantCulture,
            $"{plan.Name}: {Tally.Total - before} faults, {result.Completed} intervals, {result.Duration.TotalSeconds:F0} s, {result.Violations.Count} violations"));
        foreach (var violation in result.Violations)
            say($"VIOLATION with seed {options.Seed} in round {plan.Number}: {violation}");

        if (result.Violations.Count > 0)
            say($"The round's timeline:\n{string.Join('\n', result.Timeline)}\nIts files are in {result.Kept}");

        return result;
    }

    /// <summary>The outcome of the same spec, left in peace.</summary>
    private async Task<string> UndisturbedAsync(RoundPlan plan, string root)
    {
        if (_digests.TryGetValue(plan.Spec, out var known))
            return known;

        using var stage = new Stage(plan, Path.Combine(root, "undisturbed"), options.Program, mounts: false);
        (await stage.Study.RunAsync(slots: 4)).Expect(0);
        return _digests[plan.Spec] = PbtCheck.DigestOf(await stage.Study.StatusAsync());
    }
}
