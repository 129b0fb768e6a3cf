using Pbt.Chaos.Checks;
using Pbt.Chaos.Faults;
using Pbt.Harness;

namespace Pbt.Chaos.Rounds;

/// <summary>What came of a round.</summary>
/// <param name="Plan">Which.</param>
/// <param name="Violations">What must never be and was.</param>
/// <param name="Completed">Intervals that completed.</param>
/// <param name="Lost">Workers that were found dead.</param>
/// <param name="Started">Processes that were started.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Timeline">What happened.</param>
/// <param name="Kept">Where its files are, if they were kept.</param>
internal sealed record RoundResult(
    RoundPlan Plan, IReadOnlyList<Violation> Violations, int Completed, int Lost, int Started, TimeSpan Duration, IReadOnlyList<string> Timeline, string? Kept);

/// <summary>One study from its creation to its end, with an adversary against it, and then the checks.</summary>
internal sealed class Round(RoundPlan plan, Stage stage, FaultTally tally, int faults, string? expectedDigest, Timeline timeline)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Random _random = new(plan.Seed);
    private readonly List<Violation> _violations = [];

    private Study Study => stage.Study;

    public async Task<RoundResult> RunAsync()
    {
        timeline.Add(plan.Name);
        await using var journal = new JournalWatcher(Study.JournalPath);
        await using var fleet = new Fleet(Study, timeline, _random, () => journal.HasEnded);
        var field = new Battlefield(stage, fleet, journal, timeline, _random, tally);
        try
        {
            stage.SetPace(0.1);
            await fleet.StartAsync();
            await field.UntilAsync(() => journal.Completed > 0, Patience);
            await InflictAsync(field);
            await CompleteAsync(field);
            await EndAsync(field);
            await CheckAsync(journal, field.Spoilt);
        }
        catch (ExpectationException unmet)
        {
            _violations.Add(new Violation(Invariant.Behaviour, unmet.Message));
        }

        _violations.AddRange(field.Violations);
        _violations.AddRange(fleet.Violations);
        if (_violations.Count > 0)
            stage.Keep();

        timeline.Add($"over: {_violations.Count} violations");
        await File.WriteAllLinesAsync(Study.At("timeline.txt"), timeline.Lines);
        var lost = journal.After(0).Count(static line => line.Type == "worker_lost");
        return new RoundResult(plan, _violations, journal.Completed, lost, fleet.Starts, timeline.Elapsed, timeline.Lines, Study.IsKept ? Study.Root : null);
    }

    /// <summary>Deals out faults until there were enough, or the study has completed in spite of them.</summary>
    private async Task InflictAsync(Battlefield field)
    {
        var deck = Deck();
        for (var done = 0; done < faults && !field.Journal.HasEnded; done++)
        {
            var dealt = done;
            field.Govern = () => Govern(field.Journal.Completed, dealt);
            await field.PauseAsync(field.Between(20, 400));
            var fault = deck[done % deck.Count];
            if (await fault.InflictAsync(field) is { } tookEffect)
                tally.Add(fault.Kind, tookEffect);
        }

        field.Govern = () => stage.SetPace(1);
        await field.UntilAsync(() => field.Open == 0 || field.Journal.HasEnded, RoundPlan.Lease * 6);
        await field.EndOpenAsync(must: true);
        field.Govern = () => stage.SetPace(0);
    }

    /// <summary>As much of the study as of the faults: slowly where it is ahead.</summary>
    private void Govern(int completed, int dealt)
    {
        var total = plan.Intervals * RoundPlan.Population;
        var lead = (completed * faults) - (dealt * total);
        stage.SetPace(lead > 2 * total ? 1 : lead > 0 ? 0.3 : 0.02);
    }

    /// <summary>The kinds that fit, each as often as it weighs, in an order drawn from the seed.</summary>
    private List<Fault> Deck()
    {
        var deck = new List<Fault>();
        foreach (var fault in Fault.All.Where(fault => fault.Suits(plan)))
        {
            if (fault.Obstacle(stage) is { } obstacle)
                tally.Unavailable[fault.Kind] = obstacle;
            else
                deck.AddRange(Enumerable.Repeat(fault, fault.Weight));
        }

        var order = deck.ToArray();
        _random.Shuffle(order);
        return [.. order];
    }

    /// <summary>Lets the study complete, with everything started again as a user would.</summary>
    private async Task CompleteAsync(Battlefield field)
    {
        var version = -1;
        while (!field.Journal.HasEnded && version != field.Journal.Version)
        {
            version = field.Journal.Version;
            await field.UntilAsync(() => field.Journal.HasEnded || field.Journal.Version != version, Patience);
        }

        if (!field.Journal.HasEnded)
            _violations.Add(new Violation(Invariant.Progress, $"stuck: nothing was added for {Patience.TotalSeconds} s\n{Study.Describe()}\n{field.Fleet.Printed()}"));
    }

    /// <summary>Waits until every process has gone by itself.</summary>
    private async Task EndAsync(Battlefield field)
    {
        var ended = await field.Fleet.EndAsync(TimeSpan.FromSeconds(30));
        if (!ended || !await field.UntilAsync(() => Study.Processes().Count == 0, TimeSpan.FromSeconds(10)))
            _violations.AddRange(PbtCheck.Processes(Study));

        foreach (var left in Study.Processes())
            Signals.Send(left.Pid, Signal.Kill);
    }

    private async Task CheckAsync(JournalWatcher journal, IReadOnlyDictionary<CheckpointName, long> spoilt)
    {
        _violations.AddRange(await PbtCheck.OfAsync(Study, expectedDigest, spoilt.Keys));
        _violations.AddRange(StudyCheck.Of(Study.Dir, journal.Acknowledged, spoilt));
    }
}
