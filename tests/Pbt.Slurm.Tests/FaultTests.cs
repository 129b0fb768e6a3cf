using Pbt.Slurm.Tests.Harness;

namespace Pbt.Slurm.Tests;

/// <summary>What dies costs at most the intervals that ran on it, and changes nothing of what comes out.</summary>
[Collection(Cluster.Name)]
public sealed class FaultTests(Cluster cluster)
{
    [SlurmFact]
    public async Task A_node_that_dies_costs_the_intervals_that_ran_on_it()
    {
        await using var on = new SlurmStudy(cluster).Spec("cpus_per_worker: 4, requeue: false", intervals: 2);
        on.Hold();
        await using var run = on.Study.StartRun();
        var began = await on.BeganAsync(2);
        var node = began[0].Node;
        await cluster.KillNodeAsync(node[^1] - '0');
        try
        {
            on.LetGo();
            (await run.EndAsync(on.Describe)).Expect(0);
            Assert.Equal(1, on.Study.Count("worker_lost"));
            Assert.Equal(8, on.Study.Count("interval_completed"));
            Assert.Equal(9, on.Study.Count("attempt_started"));
        }
        finally
        {
            await cluster.StartNodeAsync(node[^1] - '0');
        }
    }

    [SlurmFact]
    public async Task A_worker_that_is_cancelled_gives_back_its_member_at_once_and_is_replaced()
    {
        await using var on = new SlurmStudy(cluster).Spec(string.Empty);
        on.Hold();
        await using var run = on.Study.StartRun();
        await on.BeganAsync(2);
        (await cluster.RunAsync("scancel", (await on.JobsAreAsync(2, "RUNNING"))[0][0])).Expect(0);
        await on.JobsAreAsync(3);
        await on.BeganAsync(3);
        on.LetGo();

        (await run.EndAsync(on.Describe)).Expect(0).Saying("submitted 1 worker to slurm");
        Assert.Equal(0, on.Study.Count("worker_lost"));
        Assert.Equal(12, on.Study.Count("interval_completed"));
    }

    [SlurmFact]
    public async Task While_the_controller_is_away_workers_go_on_and_pbt_says_so_once()
    {
        await using var on = new SlurmStudy(cluster).Spec(string.Empty, intervals: 20);
        on.Hold();
        await using var run = on.Study.StartRun();
        await on.BeganAsync(2);
        await cluster.KillControllerAsync();
        try
        {
            await Eventually.HoldsAsync("it says so", () => run.Printed.Contains("Slurm does not answer", StringComparison.Ordinal), () => run.Printed);
            on.LetGo();
            await on.Study.JournalHasAsync("interval_completed");
            on.Hold();
        }
        finally
        {
            await cluster.StartControllerAsync();
        }

        await Eventually.HoldsAsync("it says so", () => run.Printed.Contains("slurm answers again", StringComparison.Ordinal), () => run.Printed);
        on.LetGo();
        var output = (await run.EndAsync(on.Describe)).Expect(0);
        Assert.Equal(1, output.All.Split("Slurm does not answer").Length - 1);
        Assert.Equal(2, (await on.JobsAsync()).Count);
    }

    [SlurmFact]
    public async Task A_synchronous_study_comes_out_as_on_an_undisturbed_machine()
    {
        await using var local = new SlurmStudy(cluster).Spec(string.Empty, population: 6, intervals: 8, mode: "synchronous", kind: "local");
        (await local.Study.RunAsync()).Expect(0);
        var expected = await local.DigestAsync();

        await using var on = new SlurmStudy(cluster).Spec("cpus_per_worker: 2", population: 6, intervals: 8, slots: 3, mode: "synchronous");
        on.Hold();
        await using var run = on.Study.StartRun();
        var began = await on.BeganAsync(3);
        var node = began[^1].Node[^1] - '0';
        await cluster.KillNodeAsync(node);
        try
        {
            await StepAsync(on);
            await cluster.KillControllerAsync();
            await StepAsync(on);
            await cluster.StartControllerAsync();
            for (var limit = 0; limit < 3; limit++)
            {
                // As Slurm would at the limit of each.
                foreach (var job in await on.JobsAsync("RUNNING"))
                    await on.TellAsync(job[0]);

                await StepAsync(on);
            }

            on.LetGo();
            (await run.EndAsync(on.Describe)).Expect(0);
        }
        finally
        {
            await cluster.StartNodeAsync(node);
        }

        (await on.Study.PbtAsync("verify", on.Study.Dir)).Expect(0).Saying("0 differ");
        Assert.Equal(expected, await on.DigestAsync());
        Assert.True(on.Study.Count("attempt_released") + on.Study.Count("worker_lost") >= 3, on.Describe());
    }

    /// <summary>Lets the study complete some intervals and catches it in the middle of others.</summary>
    private static async Task StepAsync(SlurmStudy on)
    {
        var done = on.Study.Count("interval_completed");
        on.LetGo();
        await on.Study.JournalHasAsync("interval_completed", done + 2);
        on.Hold();
        var begun = on.Began().Count;
        await Eventually.HoldsAsync("a trainer runs", () => on.Study.Processes().Exists(static p => p.IsTrainer) || on.Began().Count > begun, on.Describe);
    }
}
