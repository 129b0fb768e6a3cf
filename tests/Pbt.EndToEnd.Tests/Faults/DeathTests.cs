using Pbt.EndToEnd.Tests.Harness;

namespace Pbt.EndToEnd.Tests.Faults;

/// <summary>What is left when a process dies by SIGKILL.</summary>
public sealed class DeathTests
{
    /// <summary>In the first interval it starts what may outlive a program, and never ends; later it trains.</summary>
    private const string LeavingDescendants =
        """
        if [ "$PBT_INTERVAL" = 1 ] && [ ! -e "released" ]; then
          sleep 300 &
          setsid sleep 301 &
          setsid sh -c 'sleep 302 & exit' </dev/null >/dev/null 2>&1 &
          (sh -c 'sleep 303 &' &)
          sleep 304
        fi

        """;

    [Fact]
    public async Task When_the_worker_dies_nothing_of_its_trainers_is_left_and_pbt_run_starts_another()
    {
        using var study = Create();
        await using var run = study.StartRun(slots: 2);
        var before = await DescendantsAsync(study);
        var worker = study.Processes().Single(static p => p.IsWorker);
        await File.WriteAllTextAsync(study.At("released"), string.Empty);
        Signals.Send(worker.Pid, Signal.Kill);
        await GoneAsync(study, before);

        (await run.EndAsync(study.Describe)).Expect(0).Saying("starting another");
        Assert.Equal(1, study.Count("worker_lost"));
        Invariants.NoIntervalCountsTwice(study);
    }

    [Fact]
    public async Task When_pbt_run_dies_its_worker_and_everything_of_its_trainers_goes_too()
    {
        using var study = Create();
        await using var run = study.StartRun(slots: 2);
        var before = await DescendantsAsync(study);
        before.Add(study.Processes().Single(static p => p.IsWorker));
        run.Send(Signal.Kill);
        await run.EndAsync();
        await GoneAsync(study, before);

        await File.WriteAllTextAsync(study.At("released"), string.Empty);
        (await study.RunAsync(slots: 2)).Expect(0).Saying("Taking up the study");
        Invariants.NoIntervalCountsTwice(study);
    }

    [Fact]
    public async Task What_a_trainer_leaves_behind_is_ended_when_it_ends()
    {
        using var study = new Study()
            .Script("train.sh", "sleep 300 &\n" + Trainers.Deterministic)
            .Spec(Trainers.Spec(population: 2, intervals: 2));
        (await study.RunAsync(slots: 2)).Expect(0);
        await Eventually.HoldsAsync("no process is left", () => study.Processes().Count == 0, study.Describe, seconds: 2);
    }

    private static Study Create() => new Study()
        .Script("train.sh", LeavingDescendants + Trainers.Deterministic)
        .Spec(Trainers.Spec(population: 2, intervals: 2).Replace("\"0.05\"", "\"0.01\"", StringComparison.Ordinal));

    /// <summary>Waits until both trainers have started all that they start.</summary>
    private static Task<List<FoundProcess>> DescendantsAsync(Study study) => Eventually.HasAsync(
        "two trainers run with their descendants",
        () => study.Processes().Where(static p => p.IsOfTrainer).ToList() is var all
            && Enumerable.Range(300, 5).All(n => all.Count(p => p.CommandLine == $"sleep {n} ") == 2) ? all : null,
        study.Describe);

    /// <summary>Waits until none of these is there any more.</summary>
    private static Task GoneAsync(Study study, List<FoundProcess> before) => Eventually.HoldsAsync(
        "none of the processes is left",
        () => !study.Processes().Exists(now => before.Exists(then => then.Pid == now.Pid)),
        study.Describe,
        seconds: 2);
}
