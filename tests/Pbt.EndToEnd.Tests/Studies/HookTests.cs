using System.Text.Json;
using Pbt.EndToEnd.Tests.Harness;

namespace Pbt.EndToEnd.Tests.Studies;

/// <summary>A user's programs that are run when something happens.</summary>
public sealed class HookTests
{
    private const string Exploiting = "exploit: { strategy: truncation, top: 0.5, bottom: 0.5 }\n";

    /// <summary>Notes what it is told; two at once would show.</summary>
    private const string Note =
        """
        mkdir busy || echo two at once >>told
        cat >>told
        rmdir busy

        """;

    [PythonFact("json")]
    public async Task The_documented_script_is_told_each_event_once_and_in_order()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(SystemPython.Repository, "docs", "hooks.md"));
        var script = page.Split("```python\n")[1].Split("```")[0];
        using var study = New(Note, "on: { best: [/usr/bin/python3, tell.py], exploit: [/usr/bin/python3, tell.py], finished: [/usr/bin/python3, tell.py] }\n");
        await File.WriteAllTextAsync(study.At("tell.py"), script);

        (await study.RunAsync(slots: 2)).Expect(0);

        var told = await File.ReadAllLinesAsync(Path.Combine(study.Dir, "told.txt"));
        var exploits = study.Journal().Where(static e => e.Type == "member_decided" && e.Text("action") == "exploit").Select(static e => $"exploit {e.Version}:");
        Assert.Equal(exploits, told.Where(static line => line.StartsWith("exploit", StringComparison.Ordinal)).Select(static line => line[..(line.IndexOf(':', StringComparison.Ordinal) + 1)]));
        Assert.Contains("set the first score at interval 1", told[0], StringComparison.Ordinal);
        Assert.StartsWith("finished", told[^1], StringComparison.Ordinal);
        var versions = told.Select(static line => int.Parse(line.Split(' ', ':')[1], System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(versions.Order(), versions);
        Assert.Contains("finished (event", await File.ReadAllTextAsync(LogOf(study)), StringComparison.Ordinal);

        (await study.RunAsync(slots: 2)).Expect(0).Saying("is complete");
        Assert.Equal(told, await File.ReadAllLinesAsync(Path.Combine(study.Dir, "told.txt")));
    }

    [Fact]
    public async Task Of_two_workers_one_at_a_time_runs_hooks_and_each_is_run_once()
    {
        using var study = New(Note, "on: { interval: [./note.sh], finished: [./note.sh] }\n", intervals: 8);
        await using var run = study.StartRun(slots: 1);
        await study.JournalHasAsync("worker_joined");
        await using var second = study.StartWorker(slots: 1);
        (await run.EndAsync(study.Describe)).Expect(0);
        (await second.EndAsync(study.Describe)).Expect(0);

        Assert.Equal(study.Journal().Where(static e => e.Type is "interval_completed" or "study_ended").Select(static e => e.Version), VersionsIn(study));
    }

    [Fact]
    public async Task A_hook_whose_worker_is_killed_is_ended_and_run_again_by_the_next()
    {
        // The first hook leaves a sign and never ends.
        using var study = New("if mkdir first 2>/dev/null; then sleep 600; fi\n" + Note, "on: { interval: [./note.sh], finished: [./note.sh] }\nhook_timeout: 1h\n");
        await using var run = study.StartRun(slots: 2);
        await Eventually.HoldsAsync("the first hook runs", () => Directory.Exists(study.At("first")), study.Describe);
        Signals.Send(study.Processes().Single(static p => p.IsWorker).Pid, Signal.Kill);
        (await run.EndAsync(study.Describe)).Expect(0).Saying("starting another");

        Assert.DoesNotContain(study.Processes(), static p => p.CommandLine.Contains("note.sh", StringComparison.Ordinal));
        Assert.Equal(study.Journal().Where(static e => e.Type is "interval_completed" or "study_ended").Select(static e => e.Version), VersionsIn(study));
    }

    [Fact]
    public async Task A_hook_that_hangs_forks_and_ignores_signals_is_ended_with_all_that_it_started()
    {
        using var study = New(
            "trap '' TERM INT HUP\nsleep 600 &\nsetsid sleep 601 &\nsleep 602\n",
            "on: { interval: [./note.sh], finished: [./note.sh] }\nhook_timeout: 300ms\n",
            intervals: 2);
        (await study.RunAsync(slots: 2)).Expect(0);

        await Eventually.HoldsAsync("no process is left", () => study.Processes().Count == 0, study.Describe, seconds: 5);
        var log = await File.ReadAllTextAsync(LogOf(study));
        Assert.Contains("interval (event", log, StringComparison.Ordinal);
        Assert.Contains("hooks were not run", log, StringComparison.Ordinal);
        Assert.Contains("took longer than hook_timeout (0.3 s)", log, StringComparison.Ordinal);
        Assert.Contains("finished (event", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hooks_that_do_not_exist_fail_or_print_without_end_change_nothing()
    {
        using var study = New(
            "head -c 50000000 /dev/zero | tr '\\0' x\nexit 3\n",
            "on: { best: [./nowhere], interval: [./note.sh], finished: [./note.sh] }\n",
            intervals: 2);
        (await study.PbtAsync("validate", study.SpecPath)).Expect(0).Saying("a hook would fail", "on.best", "nowhere");

        (await study.RunAsync(slots: 2)).Expect(0).Saying("a hook will fail", "on.best");

        var log = await File.ReadAllTextAsync(LogOf(study));
        Assert.InRange(log.Length, 8 * 16 * 1024, 256 * 1024);
        Assert.Contains("ended with exit code 3", log, StringComparison.Ordinal);
        Assert.Contains("it printed 50000000 bytes", log, StringComparison.Ordinal);
        Assert.Contains("best (event", log, StringComparison.Ordinal);
        Assert.Contains("could not be started", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_values_reach_a_hook_as_they_are()
    {
        const string Hostile = """$(touch pwned); \"`touch pwned`\" ' & | é😀 <b>""";
        using var study = New("printf '%s\\n' \"$1\" >>words\ncat >>told\n", "on: { exploit: [./note.sh, \"{words}\", \"--x={checkpoint}\"] }\n", intervals: 3);
        study.Replace("hyperparameters:\n", $"hyperparameters:\n  \"_x-y.z\": {{ type: categorical, values: [\"{Hostile}\", \"{Hostile}2\"] }}\n");

        (await study.RunAsync(slots: 2)).Expect(0);

        Assert.False(File.Exists(study.At("pwned")));
        var values = Told(study).Select(static e => e.GetProperty("hyperparameters").GetProperty("_x-y.z").GetString()!.TrimEnd('2'));
        Assert.All(values, static value => Assert.Equal("""$(touch pwned); "`touch pwned`" ' & | é😀 <b>""", value));
        Assert.Equal(Told(study).Select(static e => e.GetProperty("words").GetString()), await File.ReadAllLinesAsync(study.At("words")));
        Assert.NotEmpty(Told(study));
    }

    [Fact]
    public async Task Hooks_that_are_added_are_run_for_what_happens_from_then_on()
    {
        using var study = New(Note, string.Empty, intervals: 2);
        (await study.RunAsync(slots: 2)).Expect(0);
        study.Replace("intervals: 2", "intervals: 3");
        await File.AppendAllTextAsync(study.SpecPath, "on: { interval: [./note.sh] }\n");

        (await study.RunAsync(slots: 2)).Expect(0).Saying("on.interval");

        Assert.Equal(study.Journal().Where(static e => e.Type == "interval_completed").Skip(8).Select(static e => e.Version), VersionsIn(study));
    }

    [Fact]
    public async Task The_end_of_a_study_that_nobody_works_on_is_told_by_who_ends_it()
    {
        using var study = New(Note, "on: { finished: [./note.sh] }\n", intervals: 1000);
        await using (var run = study.StartRun(slots: 2))
        {
            await study.JournalHasAsync("interval_completed");
            run.Send(Signal.Interrupt);
            (await run.EndAsync(study.Describe)).Expect(3);
        }

        Assert.False(File.Exists(study.At("told")));
        (await study.PbtAsync("stop", study.Dir)).Expect(0);

        var told = Assert.Single(Told(study));
        Assert.Equal("stopped", told.GetProperty("outcome").GetString());
        Assert.Equal("demo", told.GetProperty("study").GetString());
    }

    [Fact]
    public async Task A_copy_of_a_study_does_not_tell_again_what_was_told()
    {
        using var study = New(Note, "on: { interval: [./note.sh] }\n", intervals: 2);
        (await study.RunAsync(slots: 2)).Expect(0);
        var told = VersionsIn(study);
        (await study.PbtAsync("copy", study.Dir, study.At("copy"))).Expect(0);
        study.Replace("intervals: 2", "intervals: 3");

        (await study.PbtAsync("run", study.SpecPath, "--dir", study.At("copy"))).Expect(0);

        Assert.Equal(told, VersionsIn(study)[..told.Count]);
        Assert.Equal(told.Count + 4, VersionsIn(study).Distinct().Count());
    }

    private static Study New(string hook, string hooks, int intervals = 4) => new Study()
        .Script("train.sh", Trainers.Deterministic)
        .Script("note.sh", hook)
        .Spec(Trainers.Spec(population: 4, intervals: intervals, seconds: 0.02, more: Exploiting + hooks));

    private static string LogOf(Study study) => Path.Combine(study.Dir, "logs", "hooks.log");

    private static List<JsonElement> Told(Study study) => [.. File.ReadAllLines(study.At("told")).Select(Study.Parse)];

    private static List<long> VersionsIn(Study study) => Told(study).ConvertAll(static e => e.GetProperty("version").GetInt64());
}
