using System.Text;
using Pbt.EndToEnd.Tests.Harness;

namespace Pbt.EndToEnd.Tests.Faults;

/// <summary>Journals that something has damaged, and <c>pbt verify --repair</c>.</summary>
public sealed class RepairTests
{
    [Theory]
    [InlineData("synchronous")]
    [InlineData("asynchronous")]
    public async Task A_repaired_study_runs_on_to_its_end_and_a_synchronous_one_to_the_same_outcome(string mode)
    {
        using var study = await CompletedAsync(mode);
        var digest = (await study.StatusAsync()).GetProperty("outcome_digest").GetString();
        var line = study.Journal().FindIndex(static e => e.Type == "interval_completed" && e.Version > 30);
        var damaged = await FlipAsync(study, line);
        (await study.PbtAsync("status", study.Dir)).Expect(4).Saying($"line {line + 1}", "--repair");

        (await study.PbtAsync("verify", study.Dir, "--repair", "--dry-run")).Expect(4).Saying(
            $"damaged at line {line + 1}", "would cut", "would lose interval", "interval_completed", "would be cut too", "checkpoint", "nothing was changed");
        Assert.Equal(damaged, await File.ReadAllBytesAsync(JournalOf(study)));
        Assert.Empty(Copies(study));

        (await study.PbtAsync("verify", study.Dir, "--repair")).Expect(0).Saying("journal.jsonl.damaged-", "run it again");
        Assert.Equal(damaged, await File.ReadAllBytesAsync(Assert.Single(Copies(study))));
        var used = study.Journal().Where(static e => e.Type == "attempt_started").Select(static e => e.Number("attempt")).Max();
        var repaired = study.Journal()[^1];
        Assert.Equal("log_repaired", repaired.Type);
        Assert.True(repaired.Number("next_attempt") > used);
        (await study.PbtAsync("verify", study.Dir)).Expect(0);
        (await study.PbtAsync("verify", study.Dir, "--repair")).Expect(0).Saying("nothing to repair");

        (await study.RunAsync(slots: 2)).Expect(0);
        var attempts = study.Journal().Where(static e => e.Type == "attempt_started").Select(static e => e.Number("attempt")).ToList();
        Assert.Equal(attempts.Count, attempts.Distinct().Count());
        Assert.Equal(12, study.Count("interval_completed"));
        (await study.PbtAsync("verify", study.Dir)).Expect(0);
        if (mode.Equals("synchronous", StringComparison.Ordinal))
            Assert.Equal(digest, (await study.StatusAsync()).GetProperty("outcome_digest").GetString());

        Assert.Single(Copies(study));
    }

    [Fact]
    public async Task After_a_deep_cut_the_best_is_one_whose_checkpoint_is_still_there()
    {
        using var study = await CompletedAsync("synchronous", keep: 1);
        await FlipAsync(study, study.Journal().FindIndex(static e => e.Type == "interval_completed" && e.Version > 20));

        (await study.PbtAsync("verify", study.Dir, "--repair")).Expect(0);

        Assert.True(study.Count("checkpoint_damaged") > 0);
        (await study.PbtAsync("verify", study.Dir)).Expect(0);
        (await study.RunAsync(slots: 2)).Expect(0);
        (await study.PbtAsync("verify", study.Dir)).Expect(0).Saying(", 0 damaged");
    }

    [Fact]
    public async Task Nothing_is_repaired_while_a_worker_is_alive()
    {
        using var study = Create("asynchronous", seconds: 30);
        await using var run = study.StartRun(slots: 1);
        await study.TrainersAsync();
        var line = study.Journal().FindIndex(static e => e.Type == "worker_joined");
        var damaged = await FlipAsync(study, line);

        (await study.PbtAsync("verify", study.Dir, "--repair")).Expect(2).Saying("nothing was repaired", "alive");

        Assert.Equal(damaged, await File.ReadAllBytesAsync(JournalOf(study)));
        Assert.Empty(Copies(study));
    }

    [Fact]
    public async Task What_cannot_be_repaired_is_said_with_what_is_left()
    {
        using var study = await CompletedAsync("asynchronous");
        var damaged = await FlipAsync(study, line: 0);
        (await study.PbtAsync("verify", study.Dir, "--repair")).Expect(4).Saying("in the creation of the study", "cannot be repaired", "checkpoints of 3 members");
        Assert.Equal(damaged, await File.ReadAllBytesAsync(JournalOf(study)));

        File.Delete(JournalOf(study));
        (await study.PbtAsync("verify", study.Dir, "--repair")).Expect(4).Saying("is gone", "cannot be repaired", "checkpoints/m000");
        (await study.PbtAsync("verify", study.At("nothing"), "--repair")).Expect(2).Saying("there is no directory");
        (await study.PbtAsync("verify", "postgres://host/db", "--repair")).Expect(2).Saying("a database looks after its own files");
        (await study.PbtAsync("verify", study.Dir, "--dry-run")).Expect(2).Saying("--dry-run goes with --repair");
    }

    private static Study Create(string mode, double seconds = 0.01, int keep = 4) => new Study()
        .Script("train.sh", Trainers.Deterministic)
        .Spec(Trainers.Spec(population: 3, intervals: 4, mode: mode, seconds: seconds, more: $"checkpoints: {{ keep_last: {keep} }}"));

    private static async Task<Study> CompletedAsync(string mode, int keep = 4)
    {
        var study = Create(mode, keep: keep);
        (await study.RunAsync(slots: 2)).Expect(0);
        return study;
    }

    private static string JournalOf(Study study) => Path.Combine(study.Dir, "journal.jsonl");

    private static string[] Copies(Study study) => Directory.GetFiles(study.Dir, "journal.jsonl.damaged-*");

    /// <summary>Flips a byte of a line's data; returns the damaged journal.</summary>
    private static async Task<byte[]> FlipAsync(Study study, int line)
    {
        var bytes = await File.ReadAllBytesAsync(JournalOf(study));
        var lines = Encoding.UTF8.GetString(bytes).Split('\n');
        var offset = Encoding.UTF8.GetByteCount(string.Concat(lines.Take(line).Select(static l => l + "\n")));
        bytes[offset + lines[line].IndexOf("\"data\"", StringComparison.Ordinal) + 10] ^= 1;
        await using var file = new FileStream(JournalOf(study), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        await file.WriteAsync(bytes);
        return bytes;
    }
}
