using Pbt.Slurm.Tests.Harness;

namespace Pbt.Slurm.Tests;

/// <summary>Slurm places workers; members are more than they can run at a time.</summary>
[Collection(Cluster.Name)]
public sealed class PlacingTests(Cluster cluster)
{
    [SlurmFact]
    public async Task Sixteen_members_on_twelve_slots_of_three_nodes()
    {
        await using var on = new SlurmStudy(cluster).Spec("cpus_per_worker: 4, slots_per_worker: 4", population: 16, intervals: 2, slots: 12);
        on.Hold();
        await using var run = on.Study.StartRun();
        var began = await on.BeganAsync(12);
        on.LetGo();

        (await run.EndAsync(on.Describe)).Expect(0).Saying("submitted 3 workers to slurm", "3 workers run");
        Assert.Equal(["node1", "node2", "node3"], began.Select(static b => b.Node).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(12, began.Count);
        Assert.Equal(32, on.Study.Count("interval_completed"));
        Assert.Equal(0, on.Study.Count("worker_lost"));
    }

    [SlurmFact]
    public async Task In_a_full_partition_some_workers_wait_and_pbt_says_why()
    {
        await using var on = new SlurmStudy(cluster).Spec("partition: one, cpus_per_worker: 2", population: 4, intervals: 2, slots: 4);
        on.Hold();
        await using var run = on.Study.StartRun();
        await on.JobsAreAsync(2, "RUNNING");
        await Eventually.HoldsAsync("it says why", () => run.Printed.Contains("2 workers run, 2 wait (Resources", StringComparison.Ordinal), () => run.Printed);
        on.LetGo();

        (await run.EndAsync(on.Describe)).Expect(0);
        await on.JobsAreAsync(0, "PENDING", "RUNNING");
    }

    [SlurmFact]
    public async Task A_partition_that_is_down_is_shown_as_such_and_not_as_a_hang()
    {
        await using var on = new SlurmStudy(cluster).Spec("partition: closed");
        await using var run = on.Study.StartRun();
        await Eventually.HoldsAsync("it says why", () => run.Printed.Contains("2 workers wait (PartitionDown)", StringComparison.Ordinal), () => run.Printed);
        run.Send(Signal.Interrupt);

        (await run.EndAsync(on.Describe)).Expect(3);
    }

    [SlurmFact]
    public async Task A_throttled_array_runs_no_more_workers_at_a_time_and_those_that_wait_take_over()
    {
        await using var on = new SlurmStudy(cluster).Spec("throttle: 2", population: 4, intervals: 4, slots: 4);
        on.Hold();
        await using var run = on.Study.StartRun();
        var running = await on.JobsAreAsync(2, "RUNNING");
        await Eventually.HoldsAsync("it says why", () => run.Printed.Contains("2 wait (JobArrayTaskLimit)", StringComparison.Ordinal), () => run.Printed);
        await on.BeganAsync(2);
        await on.TellAsync(running[0][0]);
        await on.BeganAsync(3);

        // The one that was told has handed over to one that waited, and submitted nobody else.
        Assert.Equal(4, (await on.JobsAsync()).Count);
        Assert.Equal(2, (await on.JobsAsync("RUNNING")).Count);
        on.LetGo();
        (await run.EndAsync(on.Describe)).Expect(0);
        Assert.Equal(16, on.Study.Count("interval_completed"));
    }

    [SlurmFact]
    public async Task Members_on_one_node_have_GPUs_of_their_own()
    {
        await using var apart = new SlurmStudy(cluster).Spec("partition: one, gpus: 1", intervals: 1);
        apart.Hold();
        await using (var run = apart.Study.StartRun())
        {
            Assert.Equal(["gpus=0", "gpus=1"], (await apart.BeganAsync(2)).Select(static b => b.Gpus).Order(StringComparer.Ordinal));
            apart.LetGo();
            (await run.EndAsync(apart.Describe)).Expect(0);
        }

        await using var together = new SlurmStudy(cluster).Spec("partition: one, gpus: 2, slots_per_worker: 2", intervals: 1);
        together.Hold();
        await using (var run = together.Study.StartRun())
        {
            var began = await together.BeganAsync(2);
            Assert.Equal(["gpus=0", "gpus=1"], began.Select(static b => b.Gpus).Order(StringComparer.Ordinal));
            Assert.Single(began.Select(static b => b.Job).Distinct());
            together.LetGo();
            (await run.EndAsync(together.Describe)).Expect(0);
        }
    }

    [SlurmFact]
    public async Task Without_GPUs_of_their_own_members_see_none()
    {
        await using var on = new SlurmStudy(cluster).Spec(string.Empty, population: 2, intervals: 1);
        on.Study.With("CUDA_VISIBLE_DEVICES", "3");
        (await on.Study.RunAsync()).Expect(0);
        Assert.All(on.Began(), static b => Assert.Equal("gpus=", b.Gpus));
    }
}
