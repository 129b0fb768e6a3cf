using Pbt.EndToEnd.Tests.Harness;

namespace Pbt.EndToEnd.Tests.Security;

/// <summary>Trainers that plant links, and print and report what should steer a terminal.</summary>
public sealed class HostileTrainerTests
{
    private const string Good =
        """
        echo 1 >"$PBT_CHECKPOINT_OUT/state"
        echo '{"score": 1}' >"$PBT_RESULT"

        """;

    [Theory]
    [InlineData("rm -r \"$PBT_CHECKPOINT_OUT\"; ln -s \"$PRECIOUS\" \"$PBT_CHECKPOINT_OUT\"")]
    [InlineData("d=$(dirname \"$PBT_METRICS\"); rm -r \"$d\"; ln -s \"$PRECIOUS\" \"$d\"; exit 3")]
    [InlineData("ln -s \"$PRECIOUS/file\" \"$PBT_CHECKPOINT_OUT/.pbt-manifest.json.tmp\"; echo '{\"score\": 1}' >\"$PBT_RESULT\"; echo 1 >\"$PBT_CHECKPOINT_OUT/state\"")]
    [InlineData("ln -s \"$PRECIOUS\" \"$PBT_CHECKPOINT_OUT/weights\"; echo 1 >\"$PBT_CHECKPOINT_OUT/state\"; echo '{\"score\": 1}' >\"$PBT_RESULT\"")]
    [InlineData("d=$(dirname \"$PBT_METRICS\"); ln -s \"$PRECIOUS/file\" \"$d/probe\"; ln -s \"$PRECIOUS/file\" \"$d.probe\"; exit 3")]
    [InlineData("w=\"$STUDY/workers/$PBT_WORKER\"; rm \"$w\"; ln -s \"$PRECIOUS/file\" \"$w\"; sleep 3; exit 3")]
    public async Task What_links_lead_to_is_never_touched(string script)
    {
        using var study = Precious(script + "\n");
        await study.RunAsync(slots: 2);
        (await study.PbtAsync("gc", study.Dir)).Expect(0);
        AssertUntouched(study);
    }

    [Theory]
    [InlineData("checkpoints/m0000")]
    [InlineData("checkpoints")]
    [InlineData("attempts")]
    [InlineData("logs/m0000")]
    [InlineData("workers")]
    public async Task A_directory_that_has_become_a_link_is_said_by_name_and_never_followed(string place)
    {
        using var study = Precious(Good);
        (await study.RunAsync(slots: 2)).Expect(0);
        var path = Path.Combine(study.Dir, place);
        Directory.Delete(path, recursive: true);
        Directory.CreateSymbolicLink(path, study.At("precious"));
        study.Replace("intervals: 1", "intervals: 2");

        (await study.RunAsync(slots: 2)).Expect(2).Saying($"{path} is a symbolic link", "Remove it");
        AssertUntouched(study);

        // As the message says; members whose checkpoints went with the directory are the user's loss.
        File.Delete(path);
        var next = await study.RunAsync(slots: 2);
        Assert.True(next.ExitCode is 0 or 1, next.ToString());
        AssertUntouched(study);
    }

    [Fact]
    public async Task Gc_deletes_neither_through_a_link_nor_what_it_leads_to()
    {
        using var study = Precious(Good);
        (await study.RunAsync(slots: 2)).Expect(0);
        var others = Path.Combine(study.At("precious"), "i000001-a000001");
        Directory.CreateDirectory(others);
        File.WriteAllText(Path.Combine(others, "weights"), "theirs");
        Directory.Delete(Path.Combine(study.Dir, "checkpoints", "m0001"), recursive: true);
        Directory.CreateSymbolicLink(Path.Combine(study.Dir, "checkpoints", "m0001"), study.At("precious"));
        Directory.CreateSymbolicLink(Path.Combine(study.Dir, "checkpoints", "m0000", ".staged-i000009-a000001"), study.At("precious"));
        (await study.PbtAsync("gc", study.Dir)).Expect(0).Saying("1 unfinished one");
        Assert.Equal("theirs", File.ReadAllText(Path.Combine(others, "weights")));
        AssertUntouched(study);
    }

    [Theory]
    [InlineData("name: demo", "name: ../../x")]
    [InlineData("name: demo", "name: /tmp/x")]
    [InlineData("name: demo", "name: .hidden")]
    [InlineData("name: demo", "name: \"a\\nb\"")]
    public async Task A_name_that_is_a_path_is_refused(string old, string with)
    {
        using var study = Precious(Good);
        study.Replace(old, with);
        (await study.PbtAsync("run", study.SpecPath)).Expect(2).Saying("study.yaml:1:7: name: a study's name");
        Assert.False(Directory.Exists(study.At("runs")));
    }

    [Fact]
    public async Task What_a_trainer_prints_and_reports_cannot_steer_a_terminal()
    {
        const string Steering = "\\033[2J\\033]0;owned\\007\\233 2J\\r";
        using var study = new Study()
            .Script("train.sh", $$$"""
                printf 'log {{{Steering}}}\n'
                [ "$PBT_MEMBER" = 1 ] && { printf '{"score": "x\\u001b[2J\\u202e"}' >"$PBT_RESULT"; exit 0; }
                echo 1 >"$PBT_CHECKPOINT_OUT/state"
                printf '{"score": 1, "metrics": {"loss\\u001b[2J\\u009b": 1}}' >"$PBT_RESULT"

                """)
            .Spec(Trainers.Spec(population: 2, intervals: 1, more: "exploit: { strategy: none }", trainer: "max_attempts: 1"));
        var printed = (await study.RunAsync(slots: 2)).All;
        foreach (var command in (string[][])[["status"], ["show", "0", "--interval", "1"], ["show", "1"], ["best"], ["lineage"], ["watch"], ["schedule", "0"]])
            printed += (await study.PbtAsync([command[0], study.Dir, .. command[1..]])).All;

        printed += File.ReadAllText(Path.Combine(study.Dir, "logs", "worker.log"));
        Assert.DoesNotContain(printed, static c => (char.IsControl(c) && c is not ('\n' or '\t')) || c is '\u202e');
        Assert.Contains("the text \"x [2J", printed, StringComparison.Ordinal);
        Assert.Contains("loss [2J", printed, StringComparison.Ordinal);
    }

    private static Study Precious(string script)
    {
        var study = new Study();
        Directory.CreateDirectory(study.At("precious"));
        File.WriteAllText(Path.Combine(study.At("precious"), "file"), "kept as it is");
        return study.With("PRECIOUS", study.At("precious")).With("STUDY", study.Dir)
            .Script("train.sh", script)
            .Spec(Trainers.Spec(population: 2, intervals: 1, trainer: "max_attempts: 2"));
    }

    private static void AssertUntouched(Study study)
    {
        Assert.Equal("kept as it is", File.ReadAllText(Path.Combine(study.At("precious"), "file")));
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(study.At("precious")), static path => Path.GetFileName(path) is not ("file" or "i000001-a000001"));
    }
}
