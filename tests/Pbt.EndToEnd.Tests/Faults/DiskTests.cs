using System.Globalization;
using Pbt.EndToEnd.Tests.Harness;

namespace Pbt.EndToEnd.Tests.Faults;

/// <summary>Disks that are full or cannot be written.</summary>
public sealed class DiskTests
{
    [RootFact]
    public async Task On_a_full_disk_a_study_waits_and_completes_once_there_is_space()
    {
        using var study = Create(intervals: 6);
        using var disk = TemporaryMount.TryCreate(study.Dir, "4m")!;
        await using var run = study.StartRun(slots: 2);
        await study.JournalHasAsync("interval_completed", times: 2);
        var ballast = Path.Combine(study.Dir, "ballast");
        Fill(ballast);
        var completed = await StandsStillAsync(study);
        Assert.False(run.HasExited, run.Printed);
        Assert.True(completed < 12, $"{completed} intervals completed on a full disk");

        File.Delete(ballast);
        (await run.EndAsync(study.Describe)).Expect(0);
        Assert.Equal(12, study.Count("interval_completed"));
        Assert.Equal(0, study.Count("attempt_failed"));
        Invariants.NoIntervalCountsTwice(study);
        (await study.PbtAsync("verify", study.Dir)).Expect(0);
    }

    [RootFact]
    public async Task A_trainer_that_failed_for_want_of_space_is_not_at_fault_though_there_is_space_again_when_it_ends()
    {
        const string FailsLate =
            """
            if [ "$PBT_MEMBER" = 0 ] && [ "$PBT_INTERVAL" = 2 ] && [ ! -e freed ]; then
              touch begun
              until [ -e filled ]; do sleep 0.02; done
              if ! head -c 100000 /dev/zero >"$PBT_CHECKPOINT_OUT/weights"; then
                touch failing
                until [ -e freed ]; do sleep 0.02; done
                exit 7
              fi
            fi

            """;
        using var study = Create(intervals: 3).Script("train.sh", FailsLate + Trainers.Deterministic);
        using var disk = TemporaryMount.TryCreate(study.Dir, "4m")!;
        await using var run = study.StartRun(slots: 2);
        await Eventually.HoldsAsync("the trainer is at work", () => File.Exists(study.At("begun")), study.Describe);
        var ballast = Path.Combine(study.Dir, "ballast");
        Fill(ballast);
        var beats = Path.Combine(study.Dir, "workers");
        var before = Beats(beats).Max();
        await Eventually.HoldsAsync("the worker's heart beat while the disk was full", () => Beats(beats).Max() > before + 1, study.Describe);
        await File.WriteAllTextAsync(study.At("filled"), string.Empty);
        await Eventually.HoldsAsync("the trainer could not write", () => File.Exists(study.At("failing")), study.Describe);
        File.Delete(ballast);
        await File.WriteAllTextAsync(study.At("freed"), string.Empty);

        (await run.EndAsync(study.Describe)).Expect(0);
        Assert.Equal(0, study.Count("attempt_failed"));
    }

    [RootFact]
    public async Task Workers_on_a_full_disk_do_not_take_each_other_for_dead()
    {
        using var study = Create(intervals: 30);
        study.Replace("lease: 2s", "lease: 1s");
        using var disk = TemporaryMount.TryCreate(study.Dir, "4m")!;
        await using var run = study.StartRun(slots: 1);
        await study.JournalHasAsync("worker_joined");
        await using var other = study.StartWorker(slots: 1);
        await study.JournalHasAsync("worker_joined", times: 2);
        var ballast = Path.Combine(study.Dir, "ballast");
        Fill(ballast);
        var beats = Path.Combine(study.Dir, "workers");
        var before = Beats(beats);
        await Eventually.HoldsAsync("both hearts beat on", () => Beats(beats) is var now && now.Count == 2 && now.Min() > before.Max() + 6, study.Describe);

        File.Delete(ballast);
        (await run.EndAsync(study.Describe)).Expect(0);
        (await other.EndAsync(study.Describe)).Expect(0);
        Assert.Equal(0, study.Count("worker_lost"));
    }

    [RootFact]
    public async Task A_study_that_cannot_be_created_for_want_of_space_says_so_and_can_be_created_later()
    {
        using var study = Create(intervals: 1);
        using var disk = TemporaryMount.TryCreate(study.At("disk"), "64k")!;
        study.Dir = Path.Combine(disk.Path, "study");
        var ballast = Path.Combine(disk.Path, "ballast");
        Fill(ballast);
        var refused = await study.RunAsync(slots: 1);
        Assert.True(refused.ExitCode is 2 or 3, refused.ToString());
        refused.Expect(refused.ExitCode).Saying("pace", study.Dir);

        File.Delete(ballast);
        using var larger = TemporaryMount.TryCreate(study.At("larger"), "4m")!;
        study.Dir = Path.Combine(larger.Path, "study");
        (await study.RunAsync(slots: 1)).Expect(0);
    }

    [RootFact]
    public async Task A_directory_that_cannot_be_written_is_named()
    {
        using var study = Create(intervals: 1);
        using var disk = TemporaryMount.TryCreate(study.At("disk"), "1m")!;
        study.Dir = Path.Combine(disk.Path, "study");
        disk.SetWritable(false);
        (await study.RunAsync(slots: 1)).Expect(2).Saying("ead-only file system", study.Dir);
        disk.SetWritable(true);
        (await study.RunAsync(slots: 1)).Expect(0);
    }

    [RootFact]
    public async Task A_study_on_a_disk_that_became_read_only_can_be_read_but_not_run()
    {
        using var study = Create(intervals: 1);
        using var disk = TemporaryMount.TryCreate(study.At("disk"), "1m")!;
        study.Dir = Path.Combine(disk.Path, "study");
        (await study.RunAsync(slots: 1)).Expect(0);
        disk.SetWritable(false);
        Assert.Equal("completed", (await study.StatusAsync()).GetProperty("state").GetString());
        (await study.PbtAsync("best", study.Dir)).Expect(0);
        (await study.PbtAsync("verify", study.Dir)).Expect(0);
        study.Replace("intervals: 1", "intervals: 2");
        (await study.RunAsync(slots: 1)).Expect(2).Saying("ead-only file system", study.Dir);
        (await study.PbtAsync("resume", study.Dir)).Expect(2).Saying("ead-only file system", study.Dir);

        disk.SetWritable(true);
        (await study.RunAsync(slots: 1)).Expect(0);
        Assert.Equal(4, study.Count("interval_completed"));
    }

    private static List<long> Beats(string directory) =>
        [.. Directory.GetFiles(directory).Select(static path => long.TryParse(File.ReadAllText(path), CultureInfo.InvariantCulture, out var beat) ? beat : -1)];

    private static Study Create(int intervals) => new Study()
        .Script("train.sh", Trainers.Deterministic)
        .Spec(Trainers.Spec(population: 2, intervals: intervals, seconds: 0.1));

    private static void Fill(string path)
    {
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        var size = 1 << 20;
        for (var offset = 0L; size > 0;)
        {
            try
            {
                RandomAccess.Write(file, new byte[size], offset);
                offset = RandomAccess.GetLength(file);
            }
            catch (IOException)
            {
                offset = RandomAccess.GetLength(file);
                size /= 2;
            }
        }
    }

    /// <summary>Waits until nothing has completed for a second although trainers have had the time; returns what has.</summary>
    private static async Task<int> StandsStillAsync(Study study)
    {
        var completed = -1;
        while (study.Count("interval_completed") is var now && now != completed)
        {
            completed = now;
            await Task.Delay(1000);
        }

        return completed;
    }
}
