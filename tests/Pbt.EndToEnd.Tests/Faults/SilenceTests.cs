using System.Text.Json;
using Pbt.EndToEnd.Tests.Harness;

namespace Pbt.EndToEnd.Tests.Faults;

/// <summary>Workers that fall silent for longer than their lease, and come back.</summary>
public sealed class SilenceTests
{
    private static readonly string Spec = Trainers.Spec(
        population: 4,
        intervals: 10,
        mode: "synchronous",
        seconds: 0.2).Replace("lease: 2s", "lease: 1s", StringComparison.Ordinal);

    [Fact]
    public async Task A_worker_that_slept_longer_than_its_lease_is_replaced_and_its_late_result_is_rejected()
    {
        using var calm = Create();
        (await calm.RunAsync(slots: 2)).Expect(0);
        var expected = await DigestAsync(calm);

        using var study = Create();
        await CreateOnlyAsync(study);
        await using var sleeper = study.StartWorker(slots: 2);
        await study.JournalHasAsync("attempt_started");
        await using var other = study.StartWorker(slots: 2);
        await study.JournalHasAsync("interval_completed", times: 5);
        await StopAtWorkAsync(study, sleeper);
        await study.JournalHasAsync("worker_lost");
        var versionOfDeath = study.Journal().Last(static e => e.Type == "worker_lost").Version;
        sleeper.Send(Signal.Continue);
        await Eventually.HoldsAsync(
            "the sleeper found itself taken for dead",
            () => sleeper.HasExited || sleeper.Printed.Contains("taken for dead", StringComparison.Ordinal),
            () => sleeper.Printed + study.Describe());

        (await other.EndAsync(study.Describe)).Expect(0);
        var woken = (await sleeper.EndAsync(study.Describe)).Expect(0);
        woken.Saying("is not wanted any more");
        var dead = study.Journal().First(static e => e.Type == "worker_lost").Data.GetProperty("worker").GetString();
        Assert.DoesNotContain(
            study.Journal().Where(e => e.Version > versionOfDeath),
            entry => entry.Type == "attempt_started" && entry.Data.GetProperty("worker").GetString() == dead);
        Invariants.NoIntervalCountsTwice(study);
        (await study.PbtAsync("verify", study.Dir)).Expect(0).Saying("0 differ");
        Assert.Equal(expected, await DigestAsync(study));
    }

    private static Study Create() => new Study().Script("train.sh", Trainers.Deterministic).Spec(Spec);

    private static async Task<string> DigestAsync(Study study)
    {
        var status = await study.StatusAsync();
        Assert.Equal("completed", status.GetProperty("state").GetString());
        return status.GetProperty("outcome_digest").GetString()!;
    }

    /// <summary>Creates the study and leaves it without workers.</summary>
    private static async Task CreateOnlyAsync(Study study)
    {
        await using var run = study.StartRun(slots: 1);
        await study.JournalHasAsync("study_created");
        run.Send(Signal.Kill);
        await run.EndAsync();
        await Eventually.HoldsAsync("its worker is gone", () => study.Processes().Count == 0, study.Describe);
    }

    /// <summary>Stops a worker while it runs an attempt and does not hold the journal's lock, which would stop everybody.</summary>
    private static async Task StopAtWorkAsync(Study study, PbtProcess worker)
    {
        while (true)
        {
            await RunningAtAsync(study, worker.Pid);
            worker.Send(Signal.Stop);
            await Eventually.HoldsAsync("it has stopped", () => FoundProcess.IsStopped(worker.Pid), study.Describe);
            if (!await IsLockedAsync(study) && IsRunning(study, worker.Pid))
                return;

            worker.Send(Signal.Continue);
        }
    }

    /// <summary>Whether a lock on the journal outlasts any transaction of the living.</summary>
    private static async Task<bool> IsLockedAsync(Study study)
    {
        var inode = $":{FileIdentity.InodeOf(Path.Combine(study.Dir, "journal.jsonl"))} ";
        for (var look = 0; look < 20; look++)
        {
            if (!(await File.ReadAllTextAsync("/proc/locks")).Contains(inode, StringComparison.Ordinal))
                return false;

            await Task.Delay(10);
        }

        return true;
    }

    /// <summary>Waits until a worker's process runs an attempt.</summary>
    private static Task RunningAtAsync(Study study, int pid) => Eventually.HoldsAsync(
        $"worker {pid} runs an attempt",
        () => IsRunning(study, pid),
        study.Describe);

    private static bool IsRunning(Study study, int pid)
    {
        var journal = study.Journal();
        var ended = journal.Where(static e => e.Data.TryGetProperty("attempt", out _) && e.Type != "attempt_started").Select(static e => e.Number("attempt")).ToHashSet();
        return journal.Exists(e => e.Type == "attempt_started" && !ended.Contains(e.Number("attempt")) && IsAt(e.Data, pid));
    }

    private static bool IsAt(JsonElement started, int pid) =>
        started.GetProperty("worker").GetString()!.Contains($"-{pid}-", StringComparison.Ordinal);
}
