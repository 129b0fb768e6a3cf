using System.Globalization;
using System.Text.Json;
using Pbt.EndToEnd.Tests.Harness;

namespace Pbt.EndToEnd.Tests.Studies;

/// <summary>A schedule that PBT found is replayed and exported, and a study is forked, with a trainer in a process of its own.</summary>
public sealed class ScheduleTests
{
    /// <summary>As <see cref="Trainers.Deterministic"/>, but the same for every seed.</summary>
    private const string Seedless =
        """
        set -eu
        old=0
        if [ -n "$PBT_CHECKPOINT_IN" ]; then read -r old <"$PBT_CHECKPOINT_IN/state"; fi
        sleep "$1"
        new=$(awk -v old="$old" -v h="$2" 'BEGIN { printf "%.9f", old * 0.9 + 1 - (h - 0.3) * (h - 0.3) }')
        echo "$new" >"$PBT_CHECKPOINT_OUT/state"
        echo "{\"score\": $new}" >"$PBT_RESULT"

        """;

    [Fact]
    public async Task A_replay_of_the_best_schedule_and_of_each_export_of_it_scores_as_the_best()
    {
        using var study = Create();
        (await study.RunAsync(slots: 2)).Expect(0);
        var best = await BestAsync(study, study.Dir);

        (await study.PbtAsync("replay", study.Dir, "--dir", study.At("replay"), "--seeds", "2")).Expect(0);
        Assert.Equal(best, await BestAsync(study, study.At("replay")));
        (await study.PbtAsync("verify", study.At("replay"))).Expect(0).Saying("0 differ");

        foreach (var format in (string[])["yaml", "json", "csv", "ray"])
        {
            (await study.PbtAsync("schedule", study.Dir, "--export", format, "--out", study.At(format))).Expect(0);
            var length = format is "ray" ? new[] { "--set", $"budget.intervals={await IntervalsAsync(study)}" } : [];
            (await study.PbtAsync(["replay", study.At(format), "--spec", study.SpecPath, "--dir", study.At($"replay-{format}"), .. length])).Expect(0);
            Assert.Equal(best, await BestAsync(study, study.At($"replay-{format}")));
        }

        // A replay is a study like any other: it is there, and complete.
        (await study.PbtAsync("replay", study.Dir, "--dir", study.At("replay"), "--seeds", "2")).Expect(0).Saying("is complete");
        (await study.PbtAsync("replay", study.Dir, "--dir", study.At("replay"), "--seeds", "3")).Expect(2).Saying("population: 2 → 3");
    }

    [Fact]
    public async Task A_fork_goes_on_from_its_parent_while_the_parent_runs()
    {
        using var study = Create(seconds: 0.2);
        await using var run = study.StartRun(slots: 2);
        await study.JournalHasAsync("interval_completed", times: 14);

        var fork = study.At("fork");
        (await study.PbtAsync("fork", study.Dir, "--at", "2", "--dir", fork, "--set", "budget.intervals=3", "--set", "explore.factors=[0.9, 1.1]")).Expect(0);
        (await run.EndAsync(study.Describe)).Expect(0);
        (await study.PbtAsync("gc", study.Dir)).Expect(0);
        (await study.PbtAsync("run", Path.Combine(fork, "study.yaml"), "--dir", fork)).Expect(0);

        // The parent's third interval and the fork's first began with the same: they ended with the same.
        for (var member = 0; member < 4; member++)
        {
            var (there, here) = (await ShowAsync(study, study.Dir, member), await ShowAsync(study, fork, member));
            var (third, first) = (there.GetProperty("intervals")[2], here.GetProperty("intervals")[0]);
            Assert.Equal(third.GetProperty("score").GetDouble(), first.GetProperty("score").GetDouble());
            Assert.Equal(30, first.GetProperty("lineage_steps").GetInt32());
            Assert.Equal(2, here.GetProperty("began_with").GetProperty("interval").GetInt32());
        }

        (await study.PbtAsync("status", study.Dir)).Expect(0).Saying($"demo-at-2 after interval 2, in {fork}");
        (await study.PbtAsync("status", fork)).Expect(0).Saying($"demo after interval 2, in {study.Dir}");
        foreach (var directory in (string[])[study.Dir, fork])
            (await study.PbtAsync("verify", directory)).Expect(0).Saying("0 differ");
    }

    private static Study Create(double seconds = 0.02) => new Study()
        .Script("train.sh", Seedless)
        .Spec(Trainers.Spec(population: 4, intervals: 6, mode: "synchronous", seconds: seconds, more: "exploit: { strategy: truncation, top: 0.5, bottom: 0.5 }\ncheckpoints: { every: 2, keep_last: 1, keep_best: 1 }"));

    private static async Task<double> BestAsync(Study study, string directory) =>
        Study.Parse((await study.PbtAsync("best", directory, "--json")).Expect(0).Out).GetProperty("score").GetDouble();

    private static async Task<string> IntervalsAsync(Study study) =>
        Study.Parse((await study.PbtAsync("best", study.Dir, "--json")).Expect(0).Out).GetProperty("schedule").GetArrayLength().ToString(CultureInfo.InvariantCulture);

    private static async Task<JsonElement> ShowAsync(Study study, string directory, int member) =>
        Study.Parse((await study.PbtAsync("show", directory, member.ToString(CultureInfo.InvariantCulture), "--json")).Expect(0).Out);
}
