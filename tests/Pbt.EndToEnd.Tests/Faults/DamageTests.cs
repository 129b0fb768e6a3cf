using System.Text;
using Pbt.EndToEnd.Tests.Harness;

namespace Pbt.EndToEnd.Tests.Faults;

/// <summary>Study directories that something has damaged.</summary>
public sealed class DamageTests
{
    [Fact]
    public async Task A_flipped_byte_in_the_middle_of_the_journal_is_reported_with_its_line_and_byte_by_every_command()
    {
        using var study = await CompletedAsync();
        var journal = Path.Combine(study.Dir, "journal.jsonl");
        var bytes = await File.ReadAllBytesAsync(journal);
        var lines = Encoding.UTF8.GetString(bytes).Split('\n');
        var offset = Encoding.UTF8.GetByteCount(string.Join('\n', lines.Take(9)) + "\n");
        bytes[offset + lines[9].IndexOf("data", StringComparison.Ordinal) + 10] ^= 1;
        await File.WriteAllBytesAsync(journal, bytes);

        foreach (var command in (string[][])[["status", study.Dir], ["best", study.Dir], ["verify", study.Dir], ["pause", study.Dir], ["worker", study.Dir], ["run", study.SpecPath, "--dir", study.Dir]])
            (await study.PbtAsync(command)).Expect(4).Saying(journal, "line 10", $"byte {offset}");

        Assert.Equal(bytes, await File.ReadAllBytesAsync(journal));
    }

    [Fact]
    public async Task A_journal_that_a_crash_tore_at_its_end_goes_on()
    {
        using var study = await CompletedAsync();
        var journal = Path.Combine(study.Dir, "journal.jsonl");
        var version = study.Journal()[^1].Version;
        await File.AppendAllTextAsync(journal, $"{{\"version\":{version + 1},\"time\":\"2026-01-0");
        Assert.Equal(version, (await study.StatusAsync()).GetProperty("journal_version").GetInt64());
        study.Replace("intervals: 2", "intervals: 3");
        (await study.RunAsync(slots: 2)).Expect(0);
        Assert.Equal(6, study.Count("interval_completed"));
        var versions = study.Journal().Select(static e => e.Version).ToList();
        Assert.Equal(Enumerable.Range(1, versions.Count).Select(static v => (long)v), versions);
        (await study.PbtAsync("verify", study.Dir)).Expect(0);
    }

    [Fact]
    public async Task A_study_of_a_newer_format_is_refused_and_left_alone()
    {
        using var study = await CompletedAsync();
        var journal = Path.Combine(study.Dir, "journal.jsonl");
        var text = await File.ReadAllTextAsync(journal);
        await File.WriteAllTextAsync(journal, text.Replace("\"format\":1", "\"format\":99", StringComparison.Ordinal));
        foreach (var command in (string[][])[["status", study.Dir], ["run", study.SpecPath, "--dir", study.Dir]])
        {
            var refused = await study.PbtAsync(command);
            Assert.True(refused.ExitCode is 2 or 4, refused.ToString());
            refused.Expect(refused.ExitCode).Saying(journal);
        }

        Assert.Equal(text.Length + 1, (await File.ReadAllTextAsync(journal)).Length);
    }

    [Fact]
    public async Task A_directory_that_holds_something_else_is_not_touched()
    {
        using var study = Create();
        Directory.CreateDirectory(study.Dir);
        await File.WriteAllTextAsync(Path.Combine(study.Dir, "thesis.tex"), "years of work");
        (await study.RunAsync(slots: 1)).Expect(2).Saying(study.Dir, "thesis.tex", "empty or does not exist");
        Assert.Single(Directory.GetFileSystemEntries(study.Dir));
    }

    private static Study Create() => new Study()
        .Script("train.sh", Trainers.Deterministic)
        .Spec(Trainers.Spec(population: 2, intervals: 2, seconds: 0.01, more: "exploit: { strategy: truncation, top: 0.5, bottom: 0 }"));

    private static async Task<Study> CompletedAsync()
    {
        var study = Create();
        (await study.RunAsync(slots: 2)).Expect(0);
        return study;
    }
}
