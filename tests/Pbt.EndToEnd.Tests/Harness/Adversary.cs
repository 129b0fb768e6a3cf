namespace Pbt.EndToEnd.Tests.Harness;

/// <summary>Kills a study's processes at moments drawn at random, and runs it again each time.</summary>
internal sealed class Adversary(Study study, int slots, Random random, TimeSpan longest)
{
    // A trainer that is killed too often fails its interval for good, as it should: this stays below that.
    private const int MostKillsOfOneInterval = 2;

    private readonly Dictionary<string, int> _trainersKilled = new(StringComparer.Ordinal);

    /// <summary>What was killed, in order.</summary>
    public List<string> Victims { get; } = [];

    /// <summary>Kills so many times.</summary>
    public async Task KillAsync(int times)
    {
        PbtProcess? run = null;
        try
        {
            while (Victims.Count < times)
            {
                if (run is null || run.HasExited)
                {
                    if (run is not null)
                        await run.DisposeAsync();

                    run = study.StartRun(slots);
                }

                var seen = run;
                await Eventually.HoldsAsync(
                    "a trainer runs, or pbt ended",
                    () => seen.HasExited || study.Processes().Exists(static p => p.IsTrainer),
                    () => $"{seen.Printed}\nkilled so far: {string.Join(", ", Victims)}\n{study.Describe()}");
                if (run.HasExited)
                {
                    var output = await run.EndAsync();
                    Assert.True(output.ExitCode != 0, $"the study completed after {Victims.Count} kills only: {output}");
                    Assert.True(output.All.Contains("workers cannot go on", StringComparison.Ordinal), $"pbt ended by itself: {output}");
                    continue;
                }

                await Task.Delay(random.Next((int)longest.TotalMilliseconds));
                await KillOneAsync(run);
            }
        }
        finally
        {
            if (run is not null)
            {
                if (!run.HasExited)
                    run.Send(Signal.Kill);

                await run.DisposeAsync();
            }
        }
    }

    private async Task KillOneAsync(PbtProcess run)
    {
        switch (random.Next(3))
        {
            case 0:
                run.Send(Signal.Kill);
                await run.EndAsync();
                Victims.Add("run");
                break;
            case 1 when study.Processes().Find(static p => p.IsWorker) is { } worker:
                Signals.Send(worker.Pid, Signal.Kill);
                Victims.Add("worker");
                break;
            case 2 when study.Processes().Where(static p => p.IsTrainer).ToList() is { Count: > 0 } trainers:
                KillTrainer(trainers[random.Next(trainers.Count)]);
                break;
        }
    }

    private void KillTrainer(FoundProcess trainer)
    {
        var interval = $"m{trainer.Environment["PBT_MEMBER"]}/i{trainer.Environment["PBT_INTERVAL"]}";
        var before = _trainersKilled.GetValueOrDefault(interval);
        if (before >= MostKillsOfOneInterval || !Signals.Send(trainer.Pid, Signal.Kill))
            return;

        _trainersKilled[interval] = before + 1;
        Victims.Add($"trainer of {interval}");
    }
}
