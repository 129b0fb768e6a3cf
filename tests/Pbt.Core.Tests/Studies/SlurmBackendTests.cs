namespace Pbt.Core.Tests.Studies;

/// <summary>What holds between the workers that are jobs of Slurm and the rest of a spec.</summary>
public sealed class SlurmBackendTests
{
    [Theory]
    [InlineData("{ kind: slurm, gpus: 1, slots_per_worker: 2 }", "{ slots: 4 }", "a job of 2 slots needs 2 GPUs (gpus_per_member: 1, members_per_gpu: 1), and backend.gpus gives it 1; raise gpus to 2, or lower slots_per_worker")]
    [InlineData("{ kind: slurm, gpus: \"a100:3\", slots_per_worker: 2 }", "{ gpus_per_member: 2 }", "needs 4 GPUs (gpus_per_member: 2, members_per_gpu: 1), and backend.gpus gives it 3")]
    [InlineData("{ kind: slurm, gpus: 1, slots_per_worker: 5 }", "{ members_per_gpu: 4 }", "needs 2 GPUs")]
    public void A_job_has_to_carry_its_slots(string backend, string resources, string message) => AssertError("backend", message, ("backend", backend), ("resources", resources));

    [Theory]
    [InlineData("{ kind: slurm, gpus: 1, slots_per_worker: 4 }", "{ members_per_gpu: 4 }")]
    [InlineData("{ kind: slurm, gpus: 1, slots_per_worker: 4 }", "{ gpus: none }")]
    [InlineData("{ kind: slurm, gpus: 1, gres: [\"gpu:a100:3\"], slots_per_worker: 4 }", "{ slots: 4 }")]
    [InlineData("{ kind: slurm, slots_per_worker: 4 }", "{ slots: 4 }")]
    public void A_job_that_carries_its_slots_is_accepted(string backend, string resources) =>
        Assert.NotNull(Specs.Valid(("backend", backend), ("resources", resources)));

    [Fact]
    public void An_interval_has_to_fit_into_a_job() =>
        AssertError("interval", "an interval takes 3600 s, and a job is told of its end 3540 s after its start (backend.time less signal_ahead)", ("backend", "{ kind: slurm, time: 1h }"), ("interval", "{ seconds: 3600 }"));

    private static void AssertError(string path, string message, params (string Key, string? Value)[] changes)
    {
        var error = Specs.Error(changes);

        Assert.Equal(path, error.Path);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
