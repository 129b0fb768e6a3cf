using Pbt.EndToEnd.Tests.Harness;

namespace Pbt.EndToEnd.Tests.Studies;

/// <summary>A study steered from another process.</summary>
public sealed class ControlTests
{
    [Fact]
    public async Task A_paused_study_starts_nothing_until_it_is_resumed()
    {
        using var study = Create(intervals: 30);
        await using var run = study.StartRun(slots: 2);
        await study.JournalHasAsync("interval_completed");
        (await study.PbtAsync("pause", study.Dir)).Expect(0).Saying("is paused");
        (await study.PbtAsync("pause", study.Dir)).Expect(2).Saying("is paused already");
        await Eventually.HoldsAsync("what ran has ended", () => study.Count("attempt_started") == study.Count("interval_completed"), study.Describe);
        Assert.Equal("paused", (await study.StatusAsync()).GetProperty("state").GetString());
        var started = study.Count("attempt_started");
        Assert.False(run.HasExited);

        (await study.PbtAsync("resume", study.Dir)).Expect(0).Saying("goes on with 1 worker");
        (await run.EndAsync(study.Describe)).Expect(0);
        var journal = study.Journal();
        var paused = journal.FindIndex(static e => e.Type == "study_paused");
        var resumed = journal.FindIndex(static e => e.Type == "study_resumed");
        Assert.DoesNotContain(journal[paused..resumed], static e => e.Type == "attempt_started");
        Assert.True(study.Count("attempt_started") > started);
    }

    [Fact]
    public async Task A_stopped_study_gives_up_what_runs_and_goes_on_only_after_a_resume()
    {
        using var study = Create(intervals: 30);
        await using var run = study.StartRun(slots: 2);
        await study.JournalHasAsync("interval_completed", times: 2);
        (await study.PbtAsync("stop", study.Dir)).Expect(0).Saying("is stopped");
        (await run.EndAsync(study.Describe)).Expect(3).Saying("The study was stopped");
        Assert.Empty(study.Processes());
        Assert.Equal("stopped", (await study.StatusAsync()).GetProperty("state").GetString());

        (await study.RunAsync(slots: 2)).Expect(2).Saying("has been stopped", $"pbt resume {study.Dir}");
        study.Replace("intervals: 30", "intervals: 40");
        (await study.RunAsync(slots: 2)).Expect(2).Saying("has been stopped");
        study.Replace("intervals: 40", "intervals: 30");
        (await study.PbtAsync("resume", study.Dir)).Expect(0).Saying("has no workers");
        (await study.RunAsync(slots: 4)).Expect(0).Saying("The study is complete");
        Assert.Equal(60, study.Count("interval_completed"));
        Invariants.NoIntervalCountsTwice(study);
    }

    [Fact]
    public async Task A_completed_study_is_reported_again_and_needs_no_workers()
    {
        using var study = Create(intervals: 2);
        (await study.RunAsync(slots: 2)).Expect(0);
        var events = study.Journal().Count(static e => e.Type is not ("worker_joined" or "worker_left"));
        (await study.RunAsync(slots: 2)).Expect(0).Saying("is complete");
        Assert.Equal(events, study.Journal().Count(static e => e.Type is not ("worker_joined" or "worker_left")));
        (await study.PbtAsync("resume", study.Dir)).Expect(2).Saying("extend its budget");
        (await study.PbtAsync("stop", study.Dir)).Expect(2).Saying("has ended already");
    }

    [Fact]
    public async Task A_failed_study_is_refused_until_it_is_resumed_and_then_completes()
    {
        using var study = new Study()
            .Script("train.sh", "[ -e mended ] || { echo 'ImportError: no torch' >&2; exit 3; }\n" + Trainers.Deterministic)
            .Spec(Trainers.Spec(population: 2, intervals: 2, trainer: "max_attempts: 2"));
        (await study.RunAsync(slots: 2)).Expect(1).Saying("The study failed", "exit code 3");
        (await study.RunAsync(slots: 2)).Expect(2).Saying("has failed", $"pbt resume {study.Dir}");
        await File.WriteAllTextAsync(study.At("mended"), string.Empty);
        (await study.PbtAsync("resume", study.Dir)).Expect(0);
        (await study.RunAsync(slots: 2)).Expect(0);
        Assert.Equal(4, study.Count("interval_completed"));
    }

    private static Study Create(int intervals) => new Study()
        .Script("train.sh", Trainers.Deterministic)
        .Spec(Trainers.Spec(population: 2, intervals: intervals, seconds: 0.1));
}
