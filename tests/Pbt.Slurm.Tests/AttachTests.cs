using Pbt.Slurm.Tests.Harness;

namespace Pbt.Slurm.Tests;

/// <summary>The command may leave the study and come back; workers go on.</summary>
[Collection(Cluster.Name)]
public sealed class AttachTests(Cluster cluster)
{
    [SlurmFact]
    public async Task Ctrl_C_detaches_and_running_again_attaches_to_the_same_workers()
    {
        await using var on = new SlurmStudy(cluster).Spec(string.Empty);
        on.Hold();
        await using (var run = on.Study.StartRun())
        {
            await on.BeganAsync(2);
            run.Send(Signal.Interrupt);
            (await run.EndAsync(on.Describe)).Expect(3).Saying("leaving; workers go on", "Left the study; its workers go on", $"pbt stop {on.Study.Dir}");
        }

        Assert.Equal(2, (await on.JobsAsync("RUNNING")).Count);
        await using var again = on.Study.StartRun();
        await Eventually.HoldsAsync("it sees them", () => again.Printed.Contains("2 workers run", StringComparison.Ordinal), () => again.Printed);
        on.LetGo();
        var output = (await again.EndAsync(on.Describe)).Expect(0);
        Assert.DoesNotContain("submitted", output.All, StringComparison.Ordinal);
        Assert.Equal(2, (await on.JobsAsync()).Count);
        Assert.Equal(0, on.Study.Count("worker_lost"));
    }

    [SlurmFact]
    public async Task A_study_ends_without_anybody_watching()
    {
        await using var on = new SlurmStudy(cluster).Spec(string.Empty);
        on.Hold();
        await using (var run = on.Study.StartRun())
        {
            await on.BeganAsync(2);
            run.Send(Signal.Interrupt);
            await run.EndAsync(on.Describe);
        }

        on.LetGo();
        await on.JobsAreAsync(0, "PENDING", "RUNNING");
        Assert.Equal("completed", (await on.Study.StatusAsync()).GetProperty("state").GetString());
    }

    [SlurmFact]
    public async Task Stop_cancels_what_runs_and_what_waits()
    {
        await using var on = new SlurmStudy(cluster).Spec("partition: one, cpus_per_worker: 2", slots: 4);
        on.Hold();
        await using var run = on.Study.StartRun();
        await on.JobsAreAsync(2, "PENDING");
        await on.BeganAsync(2);
        (await on.Study.PbtAsync("stop", on.Study.Dir)).Expect(0).Saying("is stopped", "cancelled");

        await on.JobsAreAsync(0, "PENDING", "RUNNING", "COMPLETING");
        (await run.EndAsync(on.Describe)).Expect(3).Saying("The study was stopped");
    }

    [SlurmFact]
    public async Task Workers_idle_while_the_study_is_paused_and_nobody_replaces_them()
    {
        await using var on = new SlurmStudy(cluster).Spec(string.Empty);
        on.Hold();
        await using var run = on.Study.StartRun();
        await on.BeganAsync(2);
        (await on.Study.PbtAsync("pause", on.Study.Dir)).Expect(0);
        on.LetGo();
        await on.Study.JournalHasAsync("interval_completed", 2);
        Assert.Equal(2, (await on.JobsAsync("RUNNING")).Count);
        Assert.Equal(2, on.Began().Count);
        (await on.Study.PbtAsync("resume", on.Study.Dir)).Expect(0);
        (await run.EndAsync(on.Describe)).Expect(0);
    }
}
