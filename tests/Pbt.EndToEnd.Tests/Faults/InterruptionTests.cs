using System.Diagnostics;
using Pbt.EndToEnd.Tests.Harness;

namespace Pbt.EndToEnd.Tests.Faults;

/// <summary>Ctrl-C.</summary>
public sealed class InterruptionTests
{
    [Fact]
    public async Task After_one_Ctrl_C_running_intervals_are_recorded_and_none_is_started()
    {
        using var study = new Study()
            .Script("train.sh", Trainers.Deterministic)
            .Spec(Trainers.Spec(population: 3, intervals: 3, seconds: 0.4, trainer: "grace: 30s"));
        await using var run = study.StartRun(slots: 2);
        await study.JournalHasAsync("attempt_started", times: 3);
        await study.TrainersAsync(atLeast: 2);
        run.Send(Signal.Interrupt);
        (await run.EndAsync(study.Describe)).Expect(3).Saying("Interrupted; nothing is lost. Run the same command again");
        Assert.Equal(study.Count("attempt_started"), study.Count("interval_completed"));
        Assert.InRange(study.Count("attempt_started"), 3, 5);
        Assert.Empty(study.Processes());
        Assert.Equal(1, study.Count("worker_left"));

        (await study.RunAsync(slots: 2)).Expect(0);
        Assert.Equal(9, study.Count("interval_completed"));
        Invariants.NoIntervalCountsTwice(study);
    }

    [Fact]
    public async Task A_long_grace_is_given_in_full()
    {
        using var study = new Study()
            .Script("train.sh", Trainers.Deterministic)
            .Spec(Trainers.Spec(population: 2, intervals: 2, seconds: 4, trainer: "grace: 30s"));
        await using var run = study.StartRun(slots: 2);
        await study.TrainersAsync(atLeast: 2);
        run.Send(Signal.Terminate);
        (await run.EndAsync(study.Describe)).Expect(3).Saying("Interrupted; nothing is lost");
        Assert.Equal(2, study.Count("interval_completed"));
        Assert.Equal(0, study.Count("attempt_released"));
        Assert.Empty(study.Processes());
    }

    [Fact]
    public async Task A_trainer_that_outlasts_the_grace_is_ended_and_its_interval_given_back()
    {
        using var study = new Study()
            .Script("train.sh", "[ -e released ] || exec sleep 300\n" + Trainers.Deterministic)
            .Spec(Trainers.Spec(population: 2, intervals: 1, trainer: "grace: 300ms"));
        await using var run = study.StartRun(slots: 2);
        await study.TrainersAsync(atLeast: 2);
        run.Send(Signal.Interrupt);
        (await run.EndAsync(study.Describe)).Expect(3);
        Assert.Equal(2, study.Count("attempt_released"));
        Assert.Equal(0, study.Count("attempt_failed"));
        Assert.Empty(study.Processes());

        await File.WriteAllTextAsync(study.At("released"), string.Empty);
        (await study.RunAsync(slots: 2)).Expect(0);
    }

    [Fact]
    public async Task After_a_second_Ctrl_C_it_ends_at_once_even_with_a_stubborn_trainer_and_a_long_grace()
    {
        using var study = new Study()
            .Script("train.sh", "trap '' TERM INT HUP\nwhile [ ! -e released ]; do sleep 0.1; done\n" + Trainers.Deterministic)
            .Spec(Trainers.Spec(population: 2, intervals: 1, trainer: "grace: 10m"));
        await using var run = study.StartRun(slots: 2);
        await study.TrainersAsync(atLeast: 2);
        run.Send(Signal.Interrupt);
        await Eventually.HoldsAsync("the first Ctrl-C is answered", () => run.Printed.Contains("Ctrl-C again", StringComparison.Ordinal), study.Describe);
        var clock = Stopwatch.StartNew();
        run.Send(Signal.Interrupt);
        (await run.EndAsync(study.Describe)).Expect(3).Saying("nothing is lost");
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 3);
        Assert.Empty(study.Processes());

        await File.WriteAllTextAsync(study.At("released"), string.Empty);
        (await study.RunAsync(slots: 2)).Expect(0);
        Assert.Equal(0, study.Count("attempt_failed"));
    }
}
