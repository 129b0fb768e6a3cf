namespace Pbt.Submit.Tests;

/// <summary>What goes wrong before or while jobs are submitted is an error, never only a line on the terminal.</summary>
public sealed class RefusalTests
{
    private const string Backend =
        """
        kind: submit
        submit: [./submit.sh, "{name}", "{worker_arguments}"]
        job_id: { regex: 'job (\S+)' }
        status: [./status.sh, "{job}"]
        state: { regex: '(\w+)' }
        states: { waiting: [queued], running: [running] }
        cancel: [./cancel.sh, "{job}"]
        """;

    [Fact]
    public async Task A_submit_program_that_fails_ends_pbt_with_an_error()
    {
        using var study = Queued.Create(Backend).Script("submit.sh", "echo 'invalid account' >&2; exit 3\n");

        var output = (await study.RunAsync()).Expect(2);

        Assert.Contains("a worker could not be submitted: ./submit.sh pbt-demo-", output.Error, StringComparison.Ordinal);
        Assert.Contains("ended with exit code 3: invalid account", output.Error, StringComparison.Ordinal);
        Assert.Equal(0, Queued.Submitted(study));
    }

    [Fact]
    public async Task A_submit_program_that_is_missing_ends_pbt_with_an_error() =>
        (await Queued.Create(Backend).RunAsync()).Expect(2).Saying("submit.sh' does not exist", "Correct its path");

    [Fact]
    public async Task A_state_that_is_not_mapped_ends_pbt_and_says_how_to_map_it()
    {
        using var study = Queued.Create(Backend).Script("submit.sh", "echo job 7\n").Script("status.sh", "echo suspended\n").Script("cancel.sh", "exit 0\n");

        (await study.RunAsync()).Expect(2).Saying("job 7 is in the state 'suspended'", "add it to backend.states.waiting, running, completed or failed");
    }

    [Fact]
    public async Task Arguments_with_spaces_and_equals_signs_arrive_whole()
    {
        using var study = Queued.Create(Backend).Script("submit.sh", "for a in \"$@\"; do printf '<%s>\\n' \"$a\"; done >args\nexit 1\n");
        study.Dir = study.At("a study=1 $HOME 'x'");

        (await study.RunAsync()).Expect(2);

        var arguments = await File.ReadAllLinesAsync(study.At("args"));
        Assert.Equal($"<{study.Dir}>", arguments[^3]);
        Assert.Equal(["<--slots>", "<1>"], arguments[^2..]);
        Assert.StartsWith("<pbt-demo-", arguments[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Print_only_shows_every_command_line_and_makes_nothing()
    {
        using var study = Queued.Create(Backend);
        study.Dir = study.At("a study");

        var output = (await study.RunAsync(slots: 2, "--print-only")).Expect(0);

        var lines = output.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.Contains($"worker '{study.Dir}' --slots 1", line, StringComparison.Ordinal));
        Assert.Contains("-1 ", lines[0], StringComparison.Ordinal);
        Assert.False(Directory.Exists(study.Dir));
    }

    [Fact]
    public async Task Jobs_that_end_at_once_are_given_up_with_the_last_lines_of_their_log()
    {
        using var study = Queued.Create(Backend + "\nreplacements: 2")
            .Script("submit.sh", "set -eu\nn=$(($(cat n 2>/dev/null || echo 0) + 1)); echo $n >n\nmkdir -p study/logs/jobs\necho 'no such GPU' >\"study/logs/jobs/$1.log\"\necho job $n\n")
            .Script("status.sh", "echo failed\n");
        study.Replace("running: [running]", "running: [running], failed: [failed]");
        study.Replace("\"{worker_arguments}\"", "\"{log}\", \"{worker_arguments}\"");
        study.Replace("population: 4", "population: 2");

        (await study.RunAsync()).Expect(2).Saying("workers cannot go on", "no such GPU");
    }
}
