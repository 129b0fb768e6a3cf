using Pbt.EndToEnd.Tests.Harness;

namespace Pbt.EndToEnd.Tests.Studies;

/// <summary>Workers that come and go.</summary>
public sealed class WorkersTests
{
    [Fact]
    public async Task Workers_may_join_late_and_leave_early()
    {
        using var study = new Study()
            .Script("train.sh", Trainers.Deterministic)
            .Spec(Trainers.Spec(population: 5, intervals: 16, seconds: 0.15, trainer: "grace: 5s"));
        await using var run = study.StartRun(slots: 1);
        await study.JournalHasAsync("interval_completed");
        await using var second = study.StartWorker(slots: 2);
        await study.JournalHasAsync("worker_joined", times: 2);
        await using var third = study.StartWorker(slots: 1);
        await study.JournalHasAsync("worker_joined", times: 3);
        await Eventually.HoldsAsync("each has started an attempt", () => WorkersThatStarted(study) == 3, study.Describe);
        Assert.Equal(3, (await study.StatusAsync()).GetProperty("workers").GetArrayLength());
        second.Send(Signal.Terminate);
        (await second.EndAsync(study.Describe)).Expect(3).Saying("left");
        (await run.EndAsync(study.Describe)).Expect(0);
        (await third.EndAsync(study.Describe)).Expect(0);
        Assert.Equal(3, study.Count("worker_left"));
        Assert.Equal(0, study.Count("worker_lost"));
        Assert.Equal(80, study.Count("interval_completed"));
        Invariants.NoIntervalCountsTwice(study);
    }

    [Fact]
    public async Task Two_runs_that_create_one_study_at_the_same_time_work_on_it_together()
    {
        using var study = new Study()
            .Script("train.sh", Trainers.Deterministic)
            .Spec(Trainers.Spec(population: 4, intervals: 6, seconds: 0.2));
        await using var one = study.StartRun(slots: 1);
        await using var other = study.StartRun(slots: 1);
        (await one.EndAsync(study.Describe)).Expect(0).Saying("The study is complete");
        (await other.EndAsync(study.Describe)).Expect(0).Saying("The study is complete");
        Assert.Equal(1, study.Count("study_created"));
        Assert.Equal(2, study.Count("worker_joined"));
        Assert.Equal(24, study.Count("interval_completed"));
        Invariants.NoIntervalCountsTwice(study);
    }

    [Fact]
    public async Task With_one_slot_no_member_gets_further_ahead_than_one_interval()
    {
        using var study = new Study()
            .Script("train.sh", Trainers.Deterministic)
            .Spec(Trainers.Spec(population: 5, intervals: 5, seconds: 0.01));
        (await study.RunAsync(slots: 1)).Expect(0);
        var intervals = new int[5];
        foreach (var entry in study.Journal().Where(static e => e.Type == "attempt_started"))
        {
            intervals[entry.Number("member")] = entry.Number("interval");
            Assert.True(intervals.Max() - intervals.Min() <= 1, $"{string.Join(' ', intervals)} after {entry.Line}");
        }

        Assert.All(intervals, static interval => Assert.Equal(5, interval));
    }

    [Theory]
    [InlineData("", "4,5")]
    [InlineData(", members_per_gpu: 2", "4,4,5,5")]
    public async Task Trainers_see_the_GPUs_of_their_slot_only(string sharing, string masks)
    {
        var slots = masks.Split(',').Length;
        using var study = new Study()
            .With("CUDA_VISIBLE_DEVICES", "4,5")
            .Script("train.sh", "echo \"$CUDA_VISIBLE_DEVICES\" >\"seen.$PBT_MEMBER.$PBT_INTERVAL\"\n[ -e released ] || sleep 60\n" + Trainers.Deterministic)
            .Spec(Trainers.Spec(population: 6, intervals: 3, seconds: 0.02, trainer: "grace: 0s", more: $"resources: {{ gpus: [0, 1], slots: {slots}{sharing} }}"));
        await using (var run = study.StartRun())
        {
            await study.TrainersAsync(atLeast: slots);
            await Eventually.HoldsAsync("as many masks are seen", () => Seen(study).Count == slots, study.Describe);
            Assert.Equal(masks, string.Join(',', Seen(study).Order(StringComparer.Ordinal)));
            run.Send(Signal.Interrupt);
            (await run.EndAsync(study.Describe)).Expect(3);
        }

        await File.WriteAllTextAsync(study.At("released"), string.Empty);
        (await study.RunAsync()).Expect(0);
        Assert.Equal(["4", "5"], Seen(study).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    private static int WorkersThatStarted(Study study) =>
        study.Journal().Where(static e => e.Type == "attempt_started").Select(static e => e.Data.GetProperty("worker").GetString()).Distinct(StringComparer.Ordinal).Count();

    private static List<string> Seen(Study study) =>
        [.. Directory.GetFiles(study.Root, "seen.*").Select(static path => File.ReadAllText(path).Trim()).Where(static text => text.Length > 0)];
}
