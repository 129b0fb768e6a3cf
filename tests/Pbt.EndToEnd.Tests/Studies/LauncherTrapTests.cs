using Pbt.EndToEnd.Tests.Harness;

namespace Pbt.EndToEnd.Tests.Studies;

/// <summary>What goes wrong with the launchers that others ship, and must not with <c>pbt sweep</c>.</summary>
public sealed class LauncherTrapTests
{
    /// <summary>"Launcher failures are only printed and exit 0", and "one dead policy blocks all".</summary>
    [Fact]
    public async Task A_failure_is_an_exit_code_with_its_reason_and_log_and_ends_nothing_else()
    {
        using var sweep = SweepStudy.Create("list: [ { trainer.env.FAILS: \"no\" }, { trainer.env.FAILS: \"yes\" }, { trainer.env.FAILS: \"also not\" } ]");

        var first = await sweep.SweepAsync();

        first.Expect(1).Saying("demo-FAILSyes/seed-11 failed: no member can make progress", sweep.At("runs/s/demo-FAILSyes/seed-11.log"), "1 of 3 runs failed", "demo-FAILSyes is not in the table: of 1 run, 1 failed");
        Assert.Equal(["completed", "failed", "completed"], (await sweep.ReportAsync()).Select(static run => run.GetProperty("state").GetString()!));

        // Again: what is complete is not trained anew, what failed is left to the user.
        var journals = sweep.Journals();
        (await sweep.SweepAsync()).Expect(1).Saying("`pbt resume", "0 of 3 runs to do");
        Assert.Equal(journals, sweep.Journals());
    }

    [Fact]
    public async Task Asked_to_fail_fast_it_begins_nothing_after_a_failure()
    {
        using var sweep = SweepStudy.Create("list: [ { trainer.env.FAILS: \"yes\" }, { trainer.env.FAILS: \"no\" } ]");

        (await sweep.SweepAsync("--fail-fast")).Expect(1).Saying("1 of 2 runs failed, and 1 is not complete; the same command goes on with it");

        Assert.Equal(["failed", "new"], (await sweep.ReportAsync()).Select(static run => run.GetProperty("state").GetString()!));
    }

    /// <summary>"Arguments with spaces are split", "values with = break the restart", "mutation names are evaluated".</summary>
    [Fact]
    public async Task A_value_reaches_the_program_as_it_is_written()
    {
        string[] values = ["two words", "lr=1e-3,x=y", "$(touch evaluated) `touch evaluated` ; touch evaluated", "it's \"quoted\" \\n", "größe 学习率 🦊", "--flag", "__import__('os').system('touch evaluated')"];
        using var sweep = SweepStudy.Create($"grid: {{ trainer.env.TEXT: [{string.Join(", ", values.Select(static v => System.Text.Json.JsonSerializer.Serialize(v)))}] }}");
        sweep.Study.Script("train.sh", "printf '%s' \"$TEXT\" >\"$PBT_CHECKPOINT_OUT/text\"\n" + Trainers.Deterministic);

        (await sweep.SweepAsync("--at-once", "2", "--slots", "2")).Expect(0);

        var runs = await sweep.ReportAsync();
        foreach (var (run, value) in runs.Zip(values))
        {
            var written = Directory.GetFiles(Path.Combine(run.GetProperty("directory").GetString()!, "checkpoints"), "text", SearchOption.AllDirectories);
            Assert.NotEmpty(written);
            Assert.All(written, path => Assert.Equal(value, File.ReadAllText(path)));
            Assert.Equal(value, run.GetProperty("values").GetProperty("trainer.env.TEXT").GetString());
        }

        Assert.Empty(Directory.GetFiles(sweep.Study.Root, "evaluated", SearchOption.AllDirectories));
    }

    /// <summary>"Unknown keys are ignored".</summary>
    [Fact]
    public async Task Whatever_is_wrong_is_said_before_anything_starts()
    {
        using var sweep = SweepStudy.Create("grid: { population: [3, 1], explore.factor: [[0.8, 1.2]] }");

        (await sweep.SweepAsync()).Expect(2).Saying("s.yaml:7:33: explore.factor: unknown key 'factor'; did you mean 'factors'?", "(in demo-population1)", "nothing was started");
        sweep.Write("set: { trainer.command: [./absent.sh] }");
        (await sweep.SweepAsync()).Expect(2).Saying("demo/seed-11: the study cannot run", "trainer.command", "absent.sh", "nothing was started");
        (await sweep.SweepAsync("--dry-run")).Expect(2).Saying("absent.sh");

        Assert.False(Directory.Exists(sweep.At("runs/s/demo")));
    }

    /// <summary>"A crash restarts from frame 0".</summary>
    [Fact]
    public async Task A_killed_launcher_takes_its_studies_along_and_loses_nothing()
    {
        using var undisturbed = SweepStudy.Create("grid: { population: [3, 4] }", seconds: 0.2);
        var expected = (await undisturbed.SweepAsync("--at-once", "2", "--slots", "2")).Expect(0);
        using var sweep = SweepStudy.Create("grid: { population: [3, 4] }", seconds: 0.2);
        sweep.Study.Dir = sweep.At("runs/s/demo-population4/seed-11");
        await using (var first = sweep.Start("--at-once", "2", "--slots", "2"))
        {
            await sweep.Study.JournalHasAsync("interval_completed", times: 2);
            first.Send(Signal.Kill);
            await first.EndAsync(sweep.Study.Describe);
        }

        await Eventually.HoldsAsync("nothing of the sweep runs", () => sweep.Study.Processes().Count == 0, sweep.Study.Describe);
        var kept = sweep.Study.Journal().Where(static e => e.Type == "interval_completed").Select(static e => e.Line.GetRawText()).ToList();
        var second = (await sweep.SweepAsync("--at-once", "2", "--slots", "2")).Expect(0);

        Assert.True(kept.Count < 12, "it was complete before it was killed");
        Assert.Equal(kept, sweep.Study.Journal().Where(static e => e.Type == "interval_completed").Select(static e => e.Line.GetRawText()).Take(kept.Count));
        Assert.Equal(expected.Out.Replace(undisturbed.Study.Root, "", StringComparison.Ordinal), second.Out.Replace(sweep.Study.Root, "", StringComparison.Ordinal));
    }

    /// <summary>The populations of several studies do not get in each other's way on one machine.</summary>
    [Fact]
    public async Task Studies_that_run_at_once_have_gpus_of_their_own_and_no_more_slots_than_there_are()
    {
        using var sweep = SweepStudy.Create("grid: { population: [3, 4, 5] }");
        sweep.Study.With("CUDA_VISIBLE_DEVICES", "4,5").With("HELD", sweep.At("held")).Script(
            "train.sh",
            "mkdir -p \"$HELD\"\nmkdir \"$HELD/$CUDA_VISIBLE_DEVICES\" || { echo \"$CUDA_VISIBLE_DEVICES is taken\"; exit 9; }\n" + Trainers.Deterministic + "echo \"$CUDA_VISIBLE_DEVICES\" >>\"$HELD/used\"\nrmdir \"$HELD/$CUDA_VISIBLE_DEVICES\"\n");

        // Three are asked for; there are GPUs for two.
        (await sweep.SweepAsync("--at-once", "3")).Expect(0).Saying("2 runs at a time, not 3: this machine carries no more");

        var used = await File.ReadAllLinesAsync(sweep.At("held/used"));
        Assert.Equal(36, used.Length);
        Assert.Equal(["4", "5"], used.Distinct().Order(StringComparer.Ordinal));
    }
}
