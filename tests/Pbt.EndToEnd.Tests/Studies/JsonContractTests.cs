using System.Text.Json;
using Pbt.EndToEnd.Tests.Harness;

namespace Pbt.EndToEnd.Tests.Studies;

/// <summary>What programs that read pbt's JSON rely on.</summary>
public sealed class JsonContractTests
{
    [Fact]
    public async Task Status_has_all_its_keys_while_a_study_runs_and_when_it_is_complete()
    {
        using var study = Create();
        await using var run = study.StartRun(slots: 2);
        await study.JournalHasAsync("interval_completed", times: 4);
        ShouldHaveAllKeys(await study.StatusAsync());
        (await run.EndAsync(study.Describe)).Expect(0);

        var status = await study.StatusAsync();
        ShouldHaveAllKeys(status);
        Assert.Equal("demo", status.GetProperty("study").GetString());
        Assert.Equal("completed", status.GetProperty("state").GetString());
        Assert.Equal("synchronous", status.GetProperty("mode").GetString());
        Assert.Equal(4, status.GetProperty("population").GetInt32());
        Assert.Equal(study.Journal().Count, status.GetProperty("journal_version").GetInt32());
        var intervals = status.GetProperty("intervals");
        Assert.Equal((24, 0, 0, 24), (Number(intervals, "completed"), Number(intervals, "failed"), Number(intervals, "running"), Number(intervals, "budget")));
        var best = status.GetProperty("members").EnumerateArray().MaxBy(static m => m.GetProperty("score").GetDouble());
        Assert.True(status.GetProperty("best").GetProperty("score").GetDouble() >= best.GetProperty("score").GetDouble());
        Assert.True(Directory.Exists(status.GetProperty("best").GetProperty("checkpoint").GetString()));
        Assert.Empty(status.GetProperty("workers").EnumerateArray());
    }

    [Fact]
    public async Task The_best_ones_schedule_follows_its_lineage_across_members()
    {
        using var study = Create();
        (await study.RunAsync(slots: 2)).Expect(0);
        var best = Study.Parse((await study.PbtAsync("best", study.Dir, "--json")).Expect(0).Out);
        var schedule = best.GetProperty("schedule").EnumerateArray().ToList();

        // The lineage as the journal has it: from the best interval's checkpoint back to scratch.
        var starts = study.Journal().Where(static e => e.Type == "attempt_started").ToDictionary(static e => CheckpointOf(e), static e => e);
        var expected = new List<(int Member, int Interval)>();
        var checkpoint = string.Join('/', best.GetProperty("checkpoint").GetString()!.Split('/')[^2..]);
        for (var next = checkpoint; next is not null;)
        {
            var start = starts[next];
            expected.Insert(0, (start.Number("member"), start.Number("interval")));
            next = start.Data.TryGetProperty("checkpoint_in", out var from) ? from.GetString() : null;
        }

        Assert.Equal(expected, schedule.Select(static row => (Number(row, "member"), Number(row, "interval"))));
        Assert.True(expected.Select(static step => step.Member).Distinct().Count() > 1, "the best one inherited from nobody, so this tests little");
        Assert.Equal(Number(best, "interval"), schedule.Count);
        Assert.All(schedule, static row => Assert.Equal(10, Number(row, "steps")));
        Assert.Equal(best.GetProperty("hyperparameters").GetRawText(), schedule[^1].GetProperty("hyperparameters").GetRawText(), ignoreWhiteSpaceDifferences: true);
        Assert.Equal(best.GetProperty("score").GetDouble(), schedule[^1].GetProperty("score").GetDouble());

        // Each score is that of the interval whose weights it names: it is the state that the checkpoint holds.
        var state = await File.ReadAllTextAsync(Path.Combine(best.GetProperty("checkpoint").GetString()!, "state"));
        Assert.Equal(best.GetProperty("score").GetDouble(), double.Parse(state, System.Globalization.CultureInfo.InvariantCulture));
    }

    // The best hyperparameter is not the one that the best weights began with, so that lineages cross members.
    private static Study Create() => new Study()
        .Script("train.sh", Trainers.Deterministic)
        .Spec(Trainers.Spec(population: 4, intervals: 6, mode: "synchronous", seconds: 0.05, more: "exploit: { strategy: truncation, top: 0.5, bottom: 0.5 }"));

    private static int Number(JsonElement of, string name) => of.GetProperty(name).GetInt32();

    private static string CheckpointOf(JournalEntry started) => System.FormattableString.Invariant(
        $"m{started.Number("member"):D4}/i{started.Number("interval"):D6}-a{started.Number("attempt"):D6}");

    private static void ShouldHaveAllKeys(JsonElement status)
    {
        ShouldHave(status, "study", "state", "population", "mode", "journal_version", "intervals", "best", "members", "workers", "outcome_digest");
        ShouldHave(status.GetProperty("intervals"), "completed", "failed", "running", "budget");
        ShouldHave(status.GetProperty("best"), "member", "interval", "score", "checkpoint", "hyperparameters");
        Assert.Equal(4, status.GetProperty("members").GetArrayLength());
        foreach (var member in status.GetProperty("members").EnumerateArray())
            ShouldHave(member, "id", "intervals", "score", "state", "donor", "hyperparameters", "checkpoint");

        foreach (var worker in status.GetProperty("workers").EnumerateArray())
            ShouldHave(worker, "id", "host", "slots", "alive");
    }

    private static void ShouldHave(JsonElement element, params string[] names)
    {
        foreach (var name in names)
            Assert.True(element.TryGetProperty(name, out _), $"'{name}' is missing in {element}");
    }
}
