using Pbt.Slurm.Tests.Harness;

namespace Pbt.Slurm.Tests;

/// <summary>Where the controller has forgotten a job, its accounts say how it ended.</summary>
public sealed class AccountingTests(AccountedCluster cluster) : IClassFixture<AccountedCluster>
{
    [SlurmFact]
    public async Task How_a_worker_ended_that_squeue_has_forgotten_is_known()
    {
        // The next look comes when the job has long been forgotten.
        await using var on = new SlurmStudy(cluster).Spec("replacements: 0, setup: [\"echo broken set-up; exit 7\"]", population: 2, slots: 1, poll: "20s");

        (await on.Study.RunAsync()).Expect(2).Saying("workers cannot go on", "FAILED", "broken set-up");

        Assert.Empty(await on.JobsAsync());
    }
}
