using Pbt.Core.Population;
using Pbt.Core.Studies;

namespace Pbt.Cli.Tests.Commands;

public sealed class StatusCommandTests
{
    [Fact]
    public async Task The_text_fits_80_columns()
    {
        using var study = TestStudy.Branching();
        study.Fail(study.Claim(), "the trainer ended\nwith code 1");
        study.Claim();
        study.Time.Now += TimeSpan.FromSeconds(4);

        var printed = await study.RunAsync("status", "DIR");

        Assert.Equal(
            """
            study      demo, synchronous, 4 members, maximize score
            state      running
            intervals  16 completed, 0 failed, 1 running, of 24 (67%)
            training   16,000 steps in 44s, about 22s left
            workers    w1 (4 slots)
            best       m1 at interval 4, score 8
                       learning_rate=0.004017 optimizer=adam
                       DIR/checkpoints/m0001/i000004-a000014

            member  state    interval  score  donor  hyperparameters
            m0      running       4/6      7  -      learning_rate=0.006026 optimizer=adam
            m1      ready         4/6      8  m3     learning_rate=0.004017 optimizer=adam
            m2      ready         4/6      0  m1     learning_rate=0.003214 optimizer=adam
            m3      ready         4/6    6.5  -      learning_rate=0.005021 optimizer=adam

            m0         1 attempt of interval 5 failed: the trainer ended with code 1

            """,
            printed.Out);
        Assert.Equal(ExitCode.Done, printed.Exit);
    }

    [Fact]
    public async Task The_JSON_has_every_key_of_the_contract()
    {
        using var study = TestStudy.Branching();
        study.Claim();

        var json = (await study.RunAsync("status", "DIR", "--json")).Json;

        JsonKeys.AssertHas(json, "study", "state", "population", "mode", "journal_version", "intervals", "best", "members", "workers", "outcome_digest");
        JsonKeys.AssertHas(json["intervals"], "completed", "failed", "running", "budget");
        JsonKeys.AssertHas(json["best"], "member", "interval", "score", "checkpoint", "hyperparameters");
        Assert.All(json["members"]!.AsArray(), static m => JsonKeys.AssertHas(m, "id", "intervals", "score", "state", "donor", "hyperparameters", "checkpoint"));
        Assert.All(json["workers"]!.AsArray(), static w => JsonKeys.AssertHas(w, "id", "host", "slots", "alive"));

        Assert.Equal("demo", (string?)json["study"]);
        Assert.Equal("running", (string?)json["state"]);
        Assert.Equal("synchronous", (string?)json["mode"]);
        Assert.Equal((4, study.Store.Events.Count), ((int)json["population"]!, (int)json["journal_version"]!));
        Assert.Equal((16, 0, 1, 24), ((int)json["intervals"]!["completed"]!, (int)json["intervals"]!["failed"]!, (int)json["intervals"]!["running"]!, (int)json["intervals"]!["budget"]!));
        Assert.Equal((1, 4, 8.0), ((int)json["best"]!["member"]!, (int)json["best"]!["interval"]!, (double)json["best"]!["score"]!));
        Assert.Equal("DIR/checkpoints/m0001/i000004-a000014", (string?)json["best"]!["checkpoint"]);
        Assert.Equal("running ready ready ready", string.Join(' ', json["members"]!.AsArray().Select(static m => (string?)m!["state"])));
        Assert.Equal([null, 3, 1, null], json["members"]!.AsArray().Select(static m => (int?)m!["donor"]));
        Assert.Equal("DIR/checkpoints/m0001/i000004-a000014", (string?)json["members"]![2]!["checkpoint"]);
        Assert.Equal(study.State.Members[0].Hyperparameters["learning_rate"].Number, (double)json["members"]![0]!["hyperparameters"]!["learning_rate"]!);
        Assert.Equal(("w1", "node1", 4, true), ((string?)json["workers"]![0]!["id"], (string?)json["workers"]![0]!["host"], (int)json["workers"]![0]!["slots"]!, (bool)json["workers"]![0]!["alive"]!));
        Assert.Equal(OutcomeDigest.Of(study.State), (string?)json["outcome_digest"]);
    }

    [Fact]
    public async Task Before_anything_completed_there_is_no_best_and_no_score()
    {
        using var study = new TestStudy(TestStudy.Default with { Budget = new Budget(TotalSteps: 5000) });

        var json = (await study.RunAsync("status", "DIR", "--json")).Json;
        var text = (await study.RunAsync("status", "DIR")).Out;

        Assert.Equal("created", (string?)json["state"]);
        Assert.Null(json["best"]);
        Assert.Null(json["intervals"]!["budget"]);
        Assert.All(json["members"]!.AsArray(), static m => Assert.True(m!["score"] is null && m["checkpoint"] is null && m["donor"] is null));
        Assert.Contains("best       nothing has completed yet", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ended_study_says_how_and_why()
    {
        using var study = new TestStudy().RunRounds(6);

        var json = (await study.RunAsync("status", "DIR", "--json")).Json;

        Assert.Equal(("completed", "every member completed 6 intervals"), ((string?)json["state"], (string?)json["reason"]));
        Assert.All(json["members"]!.AsArray(), static m => Assert.Equal("finished", (string?)m!["state"]));
    }

    [Fact]
    public async Task A_log_that_is_empty_is_no_study()
    {
        using var study = new TestStudy(isCreated: false);

        foreach (var command in (string[])["status", "best", "lineage", "schedule", "verify", "gc", "pause", "resume", "stop", "watch"])
            Assert.Equal(ExitCode.BadRequest, (await study.RunAsync(command, "DIR")).Exit);
    }
}
