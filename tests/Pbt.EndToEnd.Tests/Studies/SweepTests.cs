using Pbt.EndToEnd.Tests.Harness;
using Pbt.EndToEnd.Tests.Recipes;

namespace Pbt.EndToEnd.Tests.Studies;

/// <summary><c>pbt sweep</c>: several studies from one file.</summary>
public sealed class SweepTests
{
    [Fact]
    public async Task The_documented_example_previews_runs_and_reports_as_it_is_written()
    {
        using var study = new Study();
        var document = await File.ReadAllTextAsync(Path.Combine(Recipe.RepositoryRoot(), "docs", "sweeps.md"));
        foreach (var file in (string[])["study.yaml", "explore-only.yaml", "sweep.yaml"])
            File.Copy(Path.Combine(Recipe.RepositoryRoot(), "samples", "quadratic", file), study.At(file));

        Assert.Contains("```yaml\n" + await File.ReadAllTextAsync(study.At("sweep.yaml")) + "```", document, StringComparison.Ordinal);
        var preview = (await study.PbtAsync("sweep", "sweep.yaml", "--dry-run", "--slots", "2")).Expect(0).Out;
        Assert.Contains("```text\n" + preview.Replace(study.Root, "/home/me/pbt", StringComparison.Ordinal) + "```", document, StringComparison.Ordinal);
        Assert.False(Directory.Exists(study.At("runs")));

        var report = (await study.PbtAsync("sweep", "sweep.yaml", "--slots", "2")).Expect(0).Out;

        Assert.Contains("```text\n" + report[..report.IndexOf("its best run:", StringComparison.Ordinal)], document, StringComparison.Ordinal);
        Assert.Equal(report, (await study.PbtAsync("sweep", "sweep.yaml", "--report")).Expect(0).Out);

        // The same runs, read by compare, have the same figures.
        var compared = (await study.PbtAsync([
            "compare", .. ((string[])["sigma0.05", "sigma0.1", "sigma0.2", "explore-only"]).SelectMany(name => Enumerable.Range(1, 3).Select(seed => study.At($"runs/quadratic-sweep/quadratic-{name}/seed-{seed}")))])).Expect(0).Out;
        Assert.StartsWith(compared, report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupted_once_it_stops_in_order_and_the_same_command_goes_on()
    {
        using var sweep = SweepStudy.Create("seeds: 1-4", seconds: 0.3);
        sweep.Study.With("GATE", sweep.At("gate")).Script(
            "train.sh", "while [ \"$PBT_INTERVAL\" -gt 1 ] && [ ! -e \"$GATE\" ]; do sleep 0.05; done\n" + Trainers.Deterministic);
        sweep.Study.Dir = sweep.At("runs/s/demo/seed-2");
        await using (var first = sweep.Start("--at-once", "2", "--slots", "2"))
        {
            await sweep.Study.JournalHasAsync("interval_completed", times: 3);
            (await sweep.SweepAsync()).Expect(2).Saying("another `pbt sweep` runs in");
            first.Send(Signal.Interrupt);
            await Eventually.HoldsAsync(
                "both runs are stopping",
                () => new[] { 1, 2 }.All(seed => File.ReadAllText(sweep.At($"runs/s/demo/seed-{seed}.log")).Contains("stopping", StringComparison.Ordinal)),
                sweep.Study.Describe);
            await File.WriteAllTextAsync(sweep.At("gate"), "open");
            (await first.EndAsync(sweep.Study.Describe)).Expect(3).Saying("stopping; no further run begins", "Interrupted; nothing is lost. Run the same command again to go on.");
        }

        Assert.Empty(sweep.Study.Processes());
        var states = (await sweep.ReportAsync()).Select(static run => run.GetProperty("state").GetString()!).ToList();
        Assert.Equal(["begun", "begun", "new", "new"], states);
        (await sweep.SweepAsync("--dry-run")).Expect(0).Saying("begun, ");

        (await sweep.SweepAsync("--at-once", "2", "--slots", "2")).Expect(0);
        Assert.Equal(9, sweep.Study.Count("interval_completed"));
    }

    [Fact]
    public async Task A_changed_sweep_says_what_changed_and_refuses_but_a_longer_budget_goes_on()
    {
        using var sweep = SweepStudy.Create("set: { exploit.top: 0.4 }");
        (await sweep.SweepAsync()).Expect(0);
        var journals = sweep.Journals();

        sweep.Write("set: { exploit.top: 0.5, trainer.env.X: \"1\" }");
        (await sweep.SweepAsync()).Expect(2).Saying("demo/seed-11: it has begun with another spec: exploit.top: 0.4 → 0.5: not possible", "accept it by `--accept-change trainer.env.X`", "nothing was started");
        Assert.Equal(journals, sweep.Journals());

        sweep.Write("set: { exploit.top: 0.4, trainer.env.X: \"1\", budget.intervals: 4 }");
        (await sweep.SweepAsync("--accept-change", "trainer.env")).Expect(0).Saying("1 of 1 run to do");
        sweep.Study.Dir = sweep.At("runs/s/demo/seed-11");
        Assert.Equal(12, sweep.Study.Count("interval_completed"));

        // Another name is another study: the old one is left, and named.
        sweep.Write("name: other\n    seeds: [11]");
        (await sweep.SweepAsync("--dry-run")).Expect(0).Saying("demo/seed-11 is in", "left as it is");
    }

    [Fact]
    public async Task Only_what_is_asked_for_is_run_and_the_rest_reported_as_it_stands()
    {
        using var sweep = SweepStudy.Create("grid: { population: [3, 4] }\n    seeds: 1-2");

        var one = (await sweep.SweepAsync("--only", "*-population3", "--only", "*4/seed-2", "--json")).Expect(0);

        var json = Study.Parse(one.Out);
        Assert.Equal(["demo-population3/seed-1", "demo-population3/seed-2", "demo-population4/seed-2"], json.GetProperty("runs").EnumerateArray().Select(static r => $"{r.GetProperty("study")}/seed-{r.GetProperty("seed")}").Order(StringComparer.Ordinal));
        Assert.Equal(2, json.GetProperty("comparisons")[0].GetProperty("studies").GetArrayLength());
        (await sweep.SweepAsync("--report")).Expect(0).Saying("demo-population4 is not in the table: of 2 runs, 1 new, 1 completed");
        (await sweep.SweepAsync("--only", "nothing")).Expect(2).Saying("--only nothing is no run of the sweep; there are demo-population3/seed-1");
    }
}
