using Pbt.Backends.Jobs;
using Pbt.Backends.Slurm;

namespace Pbt.Backends.Tests.Slurm;

public sealed class SlurmListingTests
{
    [Theory]
    [InlineData("PENDING", JobPhase.Waiting)]
    [InlineData("CONFIGURING", JobPhase.Waiting)]
    [InlineData("RUNNING", JobPhase.Running)]
    [InlineData("COMPLETING", JobPhase.Running)]
    [InlineData("SUSPENDED", JobPhase.Running)]
    [InlineData("A_STATE_TO_COME", JobPhase.Running)]
    [InlineData("COMPLETED", JobPhase.Completed)]
    [InlineData("NODE_FAIL", JobPhase.Failed)]
    [InlineData("TIMEOUT", JobPhase.Failed)]
    public void Every_state_has_its_phase(string state, JobPhase phase) =>
        Assert.Equal([new Job("12_3", phase, state) { Seat = "3" }], SlurmListing.Jobs($"12_3|3|{state}|None\n"));

    [Fact]
    public void A_reason_may_hold_anything() =>
        Assert.Equal(
            [new Job("7_0", JobPhase.Waiting, "PENDING", "ReqNodeNotAvail, UnavailableNodes:node[1-2]|x") { Seat = "0" }],
            SlurmListing.Jobs("\n7_0|0|PENDING|ReqNodeNotAvail, UnavailableNodes:node[1-2]|x\nslurm: a warning\n"));

    [Theory]
    [InlineData("12\n", "12_0 12_3")]
    [InlineData("12;cluster\n", "12_0 12_3")]
    [InlineData("Submitted batch job 12\n", "")]
    [InlineData("", "")]
    public void What_sbatch_prints_says_which_jobs_it_has_taken(string printed, string jobs) =>
        Assert.Equal(jobs, string.Join(' ', SlurmListing.Submitted(printed, [0, 3]).Select(static job => job.Id)));

    [Fact]
    public void Accounting_says_who_cancelled_a_job() =>
        Assert.Equal([new Job("12_3", JobPhase.Failed, "CANCELLED") { Seat = "3" }], SlurmListing.Accounted("12_3|CANCELLED by 1000\n"));

    [Theory]
    [InlineData("sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)", true)]
    [InlineData("sbatch: error: Batch job submission failed: Socket timed out on send/recv operation", true)]
    [InlineData("sbatch: error: Slurm temporarily unable to accept job, sleeping and retrying", true)]
    [InlineData("sbatch: error: Batch job submission failed: Invalid partition name specified", false)]
    [InlineData("sbatch: error: Batch job submission failed: Invalid account or account/partition combination specified", false)]
    public void A_refusal_is_told_from_a_controller_that_is_away(string said, bool isPassing) => Assert.Equal(isPassing, SlurmRefusal.IsPassing(said));

    [Theory]
    [InlineData("squeue: fatal: Could not establish a configuration source", true)]
    [InlineData("slurm_load_jobs error: Unable to contact slurm controller (connect failure)", false)]
    public void A_host_without_a_Slurm_is_told_from_one_whose_controller_is_away(string said, bool isWithout) =>
        Assert.Equal(isWithout, SlurmRefusal.IsWithoutConfiguration(said));

    [Theory]
    [InlineData("", 3, null, "0-2")]
    [InlineData("0 1 3", 3, null, "2,4-5")]
    [InlineData("1", 1, null, "0")]
    [InlineData("", 4, 2, "0-3%2")]
    [InlineData("", 2, 2, "0-1")]
    public void Workers_get_the_lowest_free_numbers(string taken, int count, int? throttle, string array) =>
        Assert.Equal(array, ArrayTasks.Format(ArrayTasks.Free(taken.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal), count), throttle));

    [Theory]
    [InlineData("SLURM_CONF", true)]
    [InlineData("SBATCH_ACCOUNT", true)]
    [InlineData("PATH", true)]
    [InlineData("SLURM_JOB_ID", false)]
    [InlineData("SLURMD_NODENAME", false)]
    [InlineData("SQUEUE_STATES", false)]
    [InlineData("SBATCH_JOB_NAME", false)]
    [InlineData("CUDA_VISIBLE_DEVICES", false)]
    public void Slurm_sees_the_users_settings_but_not_those_that_hide_jobs_or_are_of_another_job(string variable, bool isPassedOn) =>
        Assert.Equal(isPassedOn, SlurmEnvironment.IsPassedOn(variable));
}
