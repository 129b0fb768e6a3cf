using Pbt.Slurm.Tests.Harness;

namespace Pbt.Slurm.Tests;

/// <summary>A job that is told of its end gives back what it runs at once, and a successor takes its place.</summary>
[Collection(Cluster.Name)]
public sealed class HandOverTests(Cluster cluster)
{
    [SlurmFact]
    public async Task A_job_that_reaches_its_limit_hands_over_without_anybody_watching()
    {
        // Slurm looks at limits every 30 s: it tells a job of a minute that wants 55 s of notice between 5 and 35 s after its start.
        await using var on = new SlurmStudy(cluster).Spec("time: 1m, signal_ahead: 55s", population: 2, intervals: 1, slots: 1);
        on.Hold();
        await DetachAsync(on, 1);
        var began = await on.BeganAsync(2, seconds: 100);
        Assert.NotEqual(began[0].Job, began[1].Job);
        Assert.Equal(began[0].Seat, began[1].Seat);
        on.LetGo();
        await on.JobsAreAsync(0, "PENDING", "RUNNING");

        Assert.Equal(1, on.Study.Count("attempt_released"));
        Assert.Equal(0, on.Study.Count("worker_lost"));
        Assert.Equal(2, (await on.JobsAsync("COMPLETED")).Count);
        Assert.Equal("completed", (await on.Study.StatusAsync()).GetProperty("state").GetString());
    }

    [SlurmFact]
    public async Task A_successor_is_counted_so_that_the_watch_submits_nobody_else()
    {
        await using var on = new SlurmStudy(cluster).Spec("replacements: 0", intervals: 4);
        on.Hold();
        await using var run = on.Study.StartRun();
        await on.BeganAsync(2);
        on.LetGo();
        await on.Study.JournalHasAsync("interval_completed");
        on.Hold();
        foreach (var job in await on.JobsAreAsync(2, "RUNNING"))
            await on.TellAsync(job[0]);

        await on.JobsAreAsync(4);
        await on.JobsAreAsync(2, "RUNNING");
        on.LetGo();
        var output = (await run.EndAsync(on.Describe)).Expect(0);
        Assert.Equal(1, output.All.Split("submitted ").Length - 1);
        Assert.Equal(4, (await on.JobsAsync()).Count);
        Assert.Equal(0, on.Study.Count("worker_lost"));
    }

    [SlurmFact]
    public async Task Workers_that_never_get_an_interval_done_do_not_hand_over_for_ever()
    {
        await using var on = new SlurmStudy(cluster).Spec("replacements: 1", population: 2, slots: 1);
        on.Hold();
        await DetachAsync(on, 1);
        await on.TellAsync((await on.JobsAreAsync(1, "RUNNING"))[0][0]);
        await on.BeganAsync(2);
        var second = (await on.JobsAreAsync(1, "RUNNING"))[0][0];
        await on.TellAsync(second);
        await on.JobsAreAsync(0, "PENDING", "RUNNING");

        Assert.Equal(2, (await on.JobsAsync()).Count);
        Assert.Contains("no successor: 2 workers in a row", await File.ReadAllTextAsync(Path.Combine(on.Study.Dir, "logs", $"slurm-{second}.log")), StringComparison.Ordinal);
    }

    [SlurmFact]
    public async Task Where_jobs_may_not_submit_the_job_is_to_run_again()
    {
        await using var on = new SlurmStudy(cluster);
        var refused = on.Study.At("refused");
        Directory.CreateDirectory(refused);
        on.Study.Script("refused/sbatch", "echo 'sbatch: error: not from here' >&2; exit 1\n");
        on.Spec($"setup: [\"PATH={refused}:$PATH\"]", population: 2, slots: 1);
        on.Hold();
        await DetachAsync(on, 1);
        await on.TellAsync((await on.JobsAreAsync(1, "RUNNING"))[0][0]);
        await on.JobsAreAsync(1, "PENDING");
        await BringForwardAsync(on, 2);
        on.LetGo();
        await on.JobsAreAsync(0, "PENDING", "RUNNING");

        Assert.Single(await on.JobsAsync());
        Assert.Equal("completed", (await on.Study.StatusAsync()).GetProperty("state").GetString());
    }

    [SlurmFact]
    public async Task A_job_that_is_cancelled_for_another_hands_over_and_one_that_runs_again_does_not()
    {
        foreach (var partition in (string[])["cancelled", "requeued"])
        {
            await using var on = new SlurmStudy(cluster).Spec($"partition: {partition}, cpus_per_worker: 4", population: 2, intervals: 1, slots: 1);
            on.Hold();
            await DetachAsync(on, 1);
            var urgent = (await cluster.RunAsync("sbatch", "--parsable", "--partition=urgent", "--cpus-per-task=4", "--output=/dev/null", "--wrap=sleep 60")).Expect(0).Out.Trim();
            await on.Study.JournalHasAsync("attempt_released");
            await on.JobsAreAsync(1, "PENDING");
            await on.JobsAreAsync(0, "RUNNING", "COMPLETING");
            (await cluster.RunAsync("scancel", urgent)).Expect(0);
            await BringForwardAsync(on, 2);
            on.LetGo();
            await on.JobsAreAsync(0, "PENDING", "RUNNING");
            Assert.Equal(0, on.Study.Count("worker_lost"));
            Assert.Equal(2, on.Study.Count("interval_completed"));
        }
    }

    /// <summary>Lets jobs that are to run again do so soon, rather than after Slurm's two minutes, and waits until so many trainers have begun.</summary>
    /// <remarks>Not at once: a node refuses a job that was allowed in the second in which it ended there before.</remarks>
    private async Task BringForwardAsync(SlurmStudy on, int trainers)
    {
        // Slurm complains of one that has started by itself meanwhile.
        foreach (var waiting in await on.JobsAsync("PENDING"))
            await cluster.RunAsync("scontrol", "update", $"JobId={waiting[0]}", "StartTime=now+2");

        await on.BeganAsync(trainers);
    }

    /// <summary>Runs the study until so many trainers have begun, and leaves it.</summary>
    private static async Task DetachAsync(SlurmStudy on, int trainers)
    {
        await using var run = on.Study.StartRun();
        await on.BeganAsync(trainers);
        run.Send(Signal.Interrupt);
        (await run.EndAsync(on.Describe)).Expect(3);
    }
}
