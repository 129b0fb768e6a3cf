using System.Text.Json;
using Pbt.EndToEnd.Tests.Harness;

namespace Pbt.EndToEnd.Tests.Studies;

/// <summary><c>pbt compare</c> with trainers that are programs.</summary>
public sealed class CompareTests
{
    [Fact]
    public async Task Each_seed_of_each_study_runs_in_a_directory_of_its_own_and_is_read_again()
    {
        using var study = Create();

        var compared = await study.PbtAsync([.. Arguments(study, seeds: 2), "--json"]);

        var json = Study.Parse(compared.Expect(0).Out);
        Assert.Equal(["demo", "demo-random"], json.GetProperty("studies").EnumerateArray().Select(static s => s.GetProperty("study").GetString()!));
        foreach (var run in Runs(json))
        {
            var best = Study.Parse((await study.PbtAsync("status", run.GetProperty("directory").GetString()!, "--json")).Expect(0).Out);
            Assert.Equal("completed", best.GetProperty("state").GetString());
            Assert.Equal(best.GetProperty("best").GetProperty("score").GetDouble(), run.GetProperty("best").GetDouble());
        }

        string[] expected = ["demo-random/seed-11", "demo-random/seed-12", "demo/seed-11", "demo/seed-12"];
        Assert.Equal(expected, Directories(study));

        // Read again, in either way, nothing is trained and nothing changes.
        var started = StartedAttempts(study);
        Assert.Equal(compared.Out, (await study.PbtAsync([.. Arguments(study, seeds: 2), "--json"])).Expect(0).Out);
        Assert.Equal(compared.Out, (await study.PbtAsync(["compare", .. new[] { expected[2], expected[3], expected[0], expected[1] }.Select(d => study.At("runs/" + d)), "--against", "random", "--json"])).Expect(0).Out);
        Assert.Equal(started, StartedAttempts(study));
    }

    [Fact]
    public async Task An_interrupted_comparison_goes_on_where_it_was()
    {
        using var study = Create();
        study.Replace("\"0.02\"", "\"0.3\"");
        study.Dir = study.At("runs/demo/seed-12");
        await using (var first = study.Start(Arguments(study, seeds: 2)))
        {
            await study.JournalHasAsync("interval_completed", times: 2);
            first.Send(Signal.Interrupt);
            (await first.EndAsync(study.Describe)).Expect(3).Saying("Interrupted; nothing is lost. Run the same command again");
        }

        Assert.Empty(study.Processes());
        Assert.Equal(["demo-random/seed-11", "demo/seed-11", "demo/seed-12"], Directories(study));
        var interrupted = study.Journal().Where(static e => e.Type == "interval_completed").Select(static e => e.Line.GetRawText()).ToList();

        var resumed = (await study.PbtAsync(Arguments(study, seeds: 2))).Expect(0);

        Assert.Equal(interrupted, study.Journal().Where(static e => e.Type == "interval_completed").Select(static e => e.Line.GetRawText()).Take(interrupted.Count));
        using var undisturbed = Create();
        undisturbed.Replace("\"0.02\"", "\"0.3\"");
        Assert.Equal((await undisturbed.PbtAsync(Arguments(undisturbed, seeds: 2))).Expect(0).Out, resumed.Out);
    }

    [Fact]
    public async Task A_failed_study_ends_the_comparison_with_its_reason()
    {
        using var study = Create();
        study.Script("train.sh", "exit 7\n");

        var failed = await study.PbtAsync("compare", study.SpecPath, "--seeds", "2", "--dir", study.At("runs"));

        failed.Expect(1).Saying("demo with seed 11 came to no score: it failed: no member can make progress");
        Assert.Empty(failed.Out);
        (await study.PbtAsync("compare", study.At("runs/demo/seed-11"))).Expect(2).Saying("cannot be compared: it failed");
    }

    [Fact]
    public async Task An_unfinished_study_and_a_missing_place_are_refused()
    {
        using var study = Create();

        (await study.PbtAsync("compare", study.SpecPath, "--seeds", "2")).Expect(2).Saying("add --dir DIR");
        study.Replace("\"0.02\"", "\"0.3\"");
        await using (var run = study.StartRun(slots: 2))
        {
            await study.JournalHasAsync("interval_completed");
            run.Send(Signal.Interrupt);
            (await run.EndAsync(study.Describe)).Expect(3);
        }

        (await study.PbtAsync("compare", study.Dir)).Expect(2).Saying($"the study in {study.Dir} cannot be compared: it has not ended");
    }

    [Fact]
    public async Task A_toy_that_a_program_explores_runs_in_directories_and_its_twin_in_memory()
    {
        using var study = Create();
        study.Script("explore.sh", "echo '{\"h\": 0.5}'\n").Spec(
            """
            name: demo
            population: 4
            mode: synchronous
            objective: { metric: q, goal: maximize }
            interval: { steps: 10 }
            budget: { intervals: 3 }
            hyperparameters: { h: { type: float, min: 0.1, max: 1.0 } }
            exploit: { strategy: truncation, top: 0.25, bottom: 0.25 }
            explore: { strategy: command, command: [./explore.sh] }
            trainer: { builtin: plain }

            """);

        (await study.PbtAsync("compare", study.SpecPath, "--seeds", "1")).Expect(2).Saying("add --dir DIR");
        (await study.PbtAsync(Arguments(study, seeds: 1))).Expect(0);

        Assert.Equal(["demo/seed-0"], Directories(study));
    }

    // Synchronous, so that scores are a function of spec and seed.
    private static Study Create() => new Study()
        .Script("train.sh", Trainers.Deterministic)
        .Spec(Trainers.Spec(population: 3, intervals: 3, mode: "synchronous", seconds: 0.02, trainer: "grace: 30s"));

    private static string[] Arguments(Study study, int seeds) =>
        ["compare", study.SpecPath, "--seeds", seeds.ToString(System.Globalization.CultureInfo.InvariantCulture), "--against", "random", "--dir", study.At("runs"), "--slots", "2"];

    private static IEnumerable<JsonElement> Runs(JsonElement json) => json.GetProperty("studies").EnumerateArray().SelectMany(static s => s.GetProperty("runs").EnumerateArray());

    private static List<string> Directories(Study study) =>
    [
        .. Directory.GetDirectories(study.At("runs")).SelectMany(Directory.GetDirectories).Select(path => Path.GetRelativePath(study.At("runs"), path)).Order(StringComparer.Ordinal),
    ];

    private static int StartedAttempts(Study study) =>
        Directory.GetFiles(study.At("runs"), "journal.jsonl", SearchOption.AllDirectories).Sum(static path => File.ReadLines(path).Count(static line => line.Contains("attempt_started", StringComparison.Ordinal)));
}
