using System.Diagnostics;
using System.Globalization;
using System.Text;
using Pbt.Chaos.Checks;
using Pbt.Chaos.Faults;
using Pbt.Chaos.Rounds;

namespace Pbt.EndToEnd.Tests.Chaos;

/// <summary>Each check of <c>eng/chaos</c> finds what it is there to find.</summary>
public sealed class CheckTests(DoctoredStudy intact) : IClassFixture<DoctoredStudy>
{
    [Fact]
    public async Task A_study_that_ran_in_peace_has_no_violation()
    {
        using var study = intact.Copy();
        Assert.Empty(StudyCheck.Of(study.Root, intact.Acknowledged));
        Assert.Empty(await PbtCheck.OfAsync(intact.Study, intact.Digest));
        Assert.Empty(PbtCheck.Processes(intact.Study));

        // Written anew by the tests' own code it is the same file.
        var before = await File.ReadAllBytesAsync(study.JournalPath);
        study.Write();
        Assert.Equal(before, await File.ReadAllBytesAsync(study.JournalPath));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.999)]
    public void A_byte_that_changed_in_the_journal_is_found(double where)
    {
        using var study = intact.Copy();
        var bytes = File.ReadAllBytes(study.JournalPath);
        bytes[(int)(bytes.Length * where)] ^= 1;
        File.WriteAllBytes(study.JournalPath, bytes);
        study.Breaks(Invariant.Journal);
    }

    [Fact]
    public void A_missing_version_and_a_torn_end_are_found()
    {
        using var study = intact.Copy();
        var lines = File.ReadAllLines(study.JournalPath);
        File.WriteAllLines(study.JournalPath, lines.Where((_, i) => i != 20));
        study.Breaks(Invariant.Journal);
        File.WriteAllText(study.JournalPath, string.Join('\n', lines));
        study.Breaks(Invariant.Journal);
    }

    [Fact]
    public void A_completed_interval_that_disappeared_is_found()
    {
        using var study = intact.Copy();
        study.Lines.RemoveRange(study.Lines.FindLastIndex(static l => l.Type == "interval_completed"), 1);
        study.Write().Breaks(Invariant.Acknowledged);
        study.Lines.RemoveRange(study.Lines.Count - 3, 3);
        study.Write().Breaks(Invariant.Acknowledged);
    }

    [Fact]
    public void An_interval_that_counts_twice_is_found()
    {
        using var study = intact.Copy();
        var end = study.IndexOf("study_ended");
        var started = study.Lines[study.IndexOf("attempt_started")];
        var completed = study.Lines.Find(l => l.Type == "interval_completed" && l.Long("attempt") == started.Long("attempt"))!;
        var worker = study.Lines[study.IndexOf("worker_joined")];
        var (old, fresh) = ($"\"attempt\":{started.Long("attempt")},", "\"attempt\":999999,");
        study.Lines.InsertRange(end, [Again(started, old, fresh), Again(completed, old, fresh)]);
        Assert.NotNull(worker);
        study.Write().Breaks(Invariant.CountedOnce, isRewritten: true);
    }

    [Fact]
    public void The_completion_of_an_attempt_that_had_ended_is_found()
    {
        using var study = intact.Copy();
        var completed = study.Lines[study.IndexOf("interval_completed")];
        study.Lines.Insert(study.IndexOf("study_ended"), completed with { More = true });
        study.Write().Breaks(Invariant.Fenced, isRewritten: true);
    }

    [Fact]
    public void The_completion_of_a_zombie_is_found()
    {
        using var study = intact.Copy();
        var left = study.Lines[study.IndexOf("worker_left")];
        var lost = Again(left, "\"type\":\"worker_left\",\"data\":{", "\"type\":\"worker_lost\",\"data\":{\"reason\":\"silent\",");
        study.Lines.Insert(study.IndexOf("interval_completed"), lost);
        study.Write().Breaks(Invariant.Fenced, isRewritten: true);
    }

    [Fact]
    public void A_failure_that_nobody_caused_is_found()
    {
        using var study = intact.Copy();
        var at = study.IndexOf("interval_completed");
        var data = string.Create(CultureInfo.InvariantCulture, $"{{\"attempt\":{study.Lines[at].Long("attempt")},\"kind\":\"crashed\",\"reason\":\"by itself\",\"exhausted\":false}}");
        var text = $"{{\"version\":1,\"time\":\"2026-01-01T00:00:00.0000000Z\",\"type\":\"attempt_failed\",\"data\":{data},\"checksum\":\"00000000\"}}";
        study.Lines.Insert(at, new JournalLine(1, "attempt_failed", Study.Parse(data), More: false, text));
        study.Write().Breaks(Invariant.Failures, isRewritten: true);
    }

    [Fact]
    public void A_start_from_what_nobody_completed_is_found()
    {
        using var study = intact.Copy();
        var at = study.Lines.FindIndex(static l => l.Type == "attempt_started" && l.Find("checkpoint_in") is not null);
        study.Replace(at, study.Lines[at].Find("checkpoint_in")!.Value.GetString()!, "m0000/i000001-a777777");
        study.Write().Breaks(Invariant.Checkpoints, isRewritten: true);
    }

    [Fact]
    public void A_checkpoint_that_is_missing_is_found()
    {
        using var study = intact.Copy();
        Directory.Delete(study.Needed(), recursive: true);
        study.Breaks(Invariant.Checkpoints);
    }

    [Theory]
    [InlineData("state")]
    [InlineData("nested/weights")]
    public void A_byte_that_changed_in_a_checkpoint_is_found(string file)
    {
        using var study = intact.Copy();
        var path = Path.Combine(study.Needed(), file);
        var bytes = File.ReadAllBytes(path);
        bytes[0] ^= 1;
        File.WriteAllBytes(path, bytes);
        study.Breaks(Invariant.Manifest);
        study.Breaks(Invariant.Content);
    }

    [Fact]
    public void A_file_too_many_a_file_too_few_and_a_missing_manifest_are_found()
    {
        using var study = intact.Copy();
        var more = Path.Combine(study.Needed(), "more");
        File.WriteAllText(more, string.Empty);
        study.Breaks(Invariant.Manifest);
        File.Delete(more);
        Assert.Empty(StudyCheck.Of(study.Root, intact.Acknowledged));
        File.Delete(Path.Combine(study.Needed(), "score"));
        study.Breaks(Invariant.Manifest);
        File.Delete(Path.Combine(study.Needed(1), ".pbt-manifest.json"));
        study.Breaks(Invariant.Manifest);
    }

    [Fact]
    public void A_checkpoint_that_is_whole_but_of_another_lineage_is_found()
    {
        using var study = intact.Copy();
        var place = study.Needed();
        Directory.Delete(place, recursive: true);
        Directory.Move(study.Needed(3), place);
        Directory.CreateDirectory(study.Needed(3));
        study.Breaks(Invariant.Content);
    }

    [Fact]
    public void A_score_that_is_not_the_trainers_is_found()
    {
        using var study = intact.Copy();
        var at = study.IndexOf("interval_completed");
        var score = study.Lines[at].Data.GetProperty("score").GetRawText();
        study.Replace(at, $"\"score\":{score}", $"\"score\":{score}1");
        study.Lines[at] = study.Lines[at] with { Data = Study.Parse(study.Lines[at].Text).GetProperty("data") };
        study.Write().Breaks(Invariant.Scores, isRewritten: true);
    }

    [Fact]
    public void What_was_trained_from_a_damaged_checkpoint_and_a_damage_that_nobody_did_are_found()
    {
        var history = History.Of(intact.Acknowledged.Lines);
        var heir = history.Produced.Values.First(static p => p.Start is not null);
        var start = heir.Start!.Value;
        Assert.Empty(StudyCheck.Damage(history, new Dictionary<CheckpointName, long> { [start] = intact.Acknowledged.Lines.Count }));
        Assert.Contains(
            StudyCheck.Damage(history, new Dictionary<CheckpointName, long> { [start] = heir.Started - 1 }),
            static v => v.Invariant == Invariant.Damage);

        using var study = intact.Copy();
        var data = $"{{\"checkpoint\":\"{heir.Name}\",\"reason\":\"by itself\"}}";
        var text = $"{{\"version\":1,\"time\":\"2026-01-01T00:00:00.0000000Z\",\"type\":\"checkpoint_damaged\",\"data\":{data},\"checksum\":\"00000000\"}}";
        study.Lines.Insert(study.IndexOf("study_ended"), new JournalLine(1, "checkpoint_damaged", Study.Parse(data), More: true, text.Replace(",\"checksum\"", ",\"more\":true,\"checksum\"", StringComparison.Ordinal)));
        study.Write().Breaks(Invariant.Damage, isRewritten: true);
    }

    [Theory]
    [InlineData("checkpoints/m0001/.staged-i000003-a000099/state")]
    [InlineData("checkpoints/m0001/.deleted-i000003-a000099/state")]
    [InlineData("checkpoints/m0001/i000003-a000099/state")]
    [InlineData("attempts/a000099/result.json")]
    public void What_is_left_behind_is_found(string file)
    {
        using var study = intact.Copy();
        Directory.CreateDirectory(Path.GetDirectoryName(study.At(file))!);
        File.WriteAllText(study.At(file), string.Empty);
        study.Breaks(Invariant.Leftovers);
    }

    [Fact]
    public void A_study_that_has_not_completed_is_found()
    {
        using var study = intact.Copy();
        study.Lines.RemoveAt(study.IndexOf("study_ended"));
        study.Write().Breaks(Invariant.Progress, isRewritten: true);
    }

    [Fact]
    public async Task A_decision_that_does_not_follow_and_another_outcome_are_found()
    {
        using var copy = intact.Copy();
        var at = copy.Lines.FindIndex(static l => l.Type == "member_decided" && l.Find("hyperparameters") is not null);
        var h = copy.Lines[at].Find("hyperparameters")!.Value.GetProperty("h").GetRawText();
        copy.Replace(at, $"\"h\":{h},", h == "1" ? "\"h\":2," : "\"h\":1,");
        copy.Write();
        using var study = new Study { Dir = copy.Root };
        var found = await PbtCheck.OfAsync(study, intact.Digest);
        Assert.Contains(found, static v => v.Invariant == Invariant.Verify);
        Assert.Contains(found, static v => v.Invariant == Invariant.Digest);
    }

    [Fact]
    public async Task A_process_that_is_left_is_found()
    {
        using var study = new Study();
        var start = new ProcessStartInfo("sleep", ["60"]) { UseShellExecute = false };
        start.Environment["PBT_TEST_STUDY"] = study.Root;
        using var process = Process.Start(start)!;
        await Eventually.HoldsAsync("it is found", () => PbtCheck.Processes(study).Any(static v => v.Invariant == Invariant.Leftovers), study.Describe);
    }

    [Theory]
    [InlineData(0, "", true)]
    [InlineData(3, "interrupted", true)]
    [InlineData(137, "", true)]
    [InlineData(2, "Read-only file system", true)]
    [InlineData(2, "something else", false)]
    [InlineData(1, "The study failed", false)]
    [InlineData(4, "damaged", false)]
    [InlineData(134, "", false)]
    [InlineData(0, "   at Pbt.Core.Something()", false)]
    public void An_end_that_nothing_explains_is_found(int exitCode, string error, bool isRight) =>
        Assert.Equal(isRight, Fleet.Objection(new Output(exitCode, string.Empty, error)) is null);

    [Fact]
    public void What_the_adversary_tears_is_never_a_whole_transaction()
    {
        var bytes = File.ReadAllBytes(intact.Study.JournalPath);
        var text = JournalText.Read(bytes);
        Assert.Equal(bytes.Length, text.Length);
        for (var seed = 0; seed < 500; seed++)
        {
            var torn = TearTail.Tear(text, new Random(seed), mayHaveHoles: seed % 2 == 0);
            Assert.NotEmpty(torn);
            Assert.Equal(text.Length, JournalText.Read([.. bytes, .. torn]).Length);
        }
    }

    [Fact]
    public void The_checksum_is_that_of_the_standard() =>
        Assert.Equal(0xE3069283u, Crc32C.Of(Encoding.ASCII.GetBytes("123456789")));

    private static JournalLine Again(JournalLine line, string old, string with)
    {
        var text = line.Text.Replace(old, with, StringComparison.Ordinal);
        Assert.NotEqual(line.Text, text);
        var root = Study.Parse(text);
        return line with { Text = text, Type = root.GetProperty("type").GetString()!, Data = root.GetProperty("data"), More = line.More };
    }
}
