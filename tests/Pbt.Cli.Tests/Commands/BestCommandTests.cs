namespace Pbt.Cli.Tests.Commands;

public sealed class BestCommandTests
{
    [Fact]
    public async Task The_JSON_has_every_key_of_the_contract_and_the_schedule_runs_through_donors()
    {
        using var study = TestStudy.Branching();

        var printed = await study.RunAsync("best", "DIR", "--json");

        JsonKeys.AssertHas(printed.Json, "member", "interval", "score", "checkpoint", "hyperparameters", "schedule");
        Assert.Equal((1, 4, 8.0), ((int)printed.Json["member"]!, (int)printed.Json["interval"]!, (double)printed.Json["score"]!));
        Assert.Equal("DIR/checkpoints/m0001/i000004-a000014", (string?)printed.Json["checkpoint"]);
        var schedule = printed.Json["schedule"]!.AsArray();
        Assert.All(schedule, static row => JsonKeys.AssertHas(row, "interval", "steps", "hyperparameters", "member"));
        Assert.Equal([(2, 1), (3, 2), (3, 3), (1, 4)], schedule.Select(static row => ((int)row!["member"]!, (int)row["interval"]!)));
        Assert.All(schedule, static row => Assert.Equal(1000, (long)row!["steps"]!));
        Assert.Equal(printed.Json["hyperparameters"]!.ToJsonString(), schedule[^1]!["hyperparameters"]!.ToJsonString());
        Assert.Equal(ExitCode.Done, printed.Exit);
    }

    [Fact]
    public async Task The_text_shows_the_checkpoint_and_the_schedule()
    {
        using var study = TestStudy.Branching();

        Assert.Equal(
            """
            best       m1 at interval 4, score 8
                       learning_rate=0.004017 optimizer=adam
                       DIR/checkpoints/m0001/i000004-a000014

            from step  steps  member  intervals  learning_rate  optimizer
                    0   1000  m2      1              0.0003419  adam
                 1000   2000  m3      2-3             0.005021  adam
                 3000   1000  m1      4               0.004017  adam

            """,
            (await study.RunAsync("best", "DIR")).Out);
    }

    [Fact]
    public async Task Before_anything_completed_the_keys_are_there_and_the_exit_code_says_so()
    {
        using var study = new TestStudy();

        var printed = await study.RunAsync("best", "DIR", "--json");

        JsonKeys.AssertHas(printed.Json, "member", "interval", "score", "checkpoint", "hyperparameters", "schedule");
        Assert.Null(printed.Json["checkpoint"]);
        Assert.Empty(printed.Json["schedule"]!.AsArray());
        Assert.Equal(ExitCode.StudyFailed, printed.Exit);
        Assert.Contains("no interval has completed yet", printed.Error, StringComparison.Ordinal);
    }
}
