using Pbt.Chaos.Checks;
using Pbt.Chaos.Rounds;
using Pbt.Harness;

namespace Pbt.Chaos.Faults;

/// <summary>A fault that goes on for a while beside others.</summary>
/// <param name="Kind">Which.</param>
/// <param name="TryEndAsync">Ends it if it is time, or if it must: null if it goes on, else whether it took effect.</param>
internal sealed record OpenFault(string Kind, Func<bool, Task<bool?>> TryEndAsync);

/// <summary>What a fault has at hand.</summary>
internal sealed class Battlefield(Stage stage, Fleet fleet, JournalWatcher journal, Timeline timeline, Random random, FaultTally tally)
{
    // A trainer that is killed too often fails its interval for good, as it should (after 10): this stays below that.
    private const int MostBlowsOfOneInterval = 4;

    private readonly Dictionary<(string Member, string Interval), int> _blows = [];
    private readonly List<OpenFault> _open = [];

    public Stage Stage => stage;

    public Study Study => stage.Study;

    public Fleet Fleet => fleet;

    public JournalWatcher Journal => journal;

    public Timeline Timeline => timeline;

    public Random Random => random;

    public List<Violation> Violations { get; } = [];

    /// <summary>The checkpoints that were damaged, with the journal's version at that moment.</summary>
    public Dictionary<CheckpointName, long> Spoilt { get; } = [];

    /// <summary>Called all the while: keeps the study from being over before the faults are.</summary>
    public Action Govern { get; set; } = static () => { };

    /// <summary>How many faults go on.</summary>
    public int Open => _open.Count;

    /// <summary>Milliseconds drawn from the seed.</summary>
    public TimeSpan Between(int least, int most) => TimeSpan.FromMilliseconds(random.Next(least, most));

    /// <summary>One of these, drawn from the seed.</summary>
    public T? Any<T>(IReadOnlyList<T> of)
        where T : class
    {
        var draw = random.NextDouble();
        return of.Count == 0 ? null : of[(int)(draw * of.Count)];
    }

    public List<FoundProcess> Workers() => [.. Study.Processes().Where(static p => p.IsWorker).OrderBy(static p => p.Pid)];

    public List<FoundProcess> Trainers() => [.. Study.Processes().Where(static p => p.IsTrainer).OrderBy(static p => p.Pid)];

    /// <summary>Whether an interval may be struck once more; counts the blow.</summary>
    public bool MayStrike(FoundProcess trainer)
    {
        var interval = (trainer.Environment["PBT_MEMBER"], trainer.Environment["PBT_INTERVAL"]);
        var before = _blows.GetValueOrDefault(interval);
        if (before >= MostBlowsOfOneInterval)
            return false;

        _blows[interval] = before + 1;
        return true;
    }

    public void Begin(OpenFault fault) => _open.Add(fault);

    /// <summary>Waits while everything goes on: what has ended is started again, and long faults end.</summary>
    public Task PauseAsync(TimeSpan time) => UntilAsync(static () => false, time);

    /// <summary>Waits until something holds; false if it does not in time.</summary>
    public async Task<bool> UntilAsync(Func<bool> condition, TimeSpan patience)
    {
        var deadline = timeline.Elapsed + patience;
        while (true)
        {
            Govern();
            await fleet.TendAsync();
            await EndOpenAsync(must: false);
            if (condition())
                return true;

            if (timeline.Elapsed >= deadline)
                return false;

            await Task.Delay(20);
        }
    }

    /// <summary>Ends every fault that goes on.</summary>
    public async Task EndOpenAsync(bool must)
    {
        for (var i = _open.Count - 1; i >= 0; i--)
        {
            if (await _open[i].TryEndAsync(must) is not { } tookEffect)
                continue;

            tally.Add(_open[i].Kind, tookEffect);
            _open.RemoveAt(i);
        }
    }

    /// <summary>Runs a pbt command that must succeed, unless the study has ended.</summary>
    public async Task<bool> PbtAsync(params string[] arguments)
    {
        var output = await Study.PbtAsync(arguments);
        var failed = output.ExitCode != 0 || Fleet.Objection(output) is not null;
        if (failed && !(journal.HasEnded && output.ExitCode == 2))
            Violations.Add(new Violation(Invariant.Behaviour, $"pbt {string.Join(' ', arguments)}: {output}"));

        return !failed;
    }
}
