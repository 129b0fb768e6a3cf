using Pbt.Core.SearchSpaces;

namespace Pbt.Cli.Tests.Commands;

public sealed class ScheduleCommandTests
{
    [Fact]
    public async Task The_table_has_a_row_for_each_change()
    {
        using var study = TestStudy.Branching();

        Assert.Equal(
            """
            from step  steps  member  intervals  learning_rate  optimizer
                    0   1000  m2      1              0.0003419  adam
                 1000   2000  m3      2-3             0.005021  adam
                 3000   1000  m1      4               0.004017  adam

            """,
            (await study.RunAsync("schedule", "DIR")).Out);
    }

    [Fact]
    public async Task Columns_that_do_not_fit_become_one_that_wraps()
    {
        var many = Enumerable.Range(0, 6).Select(static i => (Hyperparameter)new FloatHyperparameter($"coefficient_{i}", 0.1, 1, Scale.Log));
        using var study = new TestStudy(TestStudy.Default with { Hyperparameters = new SearchSpace([.. many]) }).RunRounds(3);

        var lines = (await study.RunAsync("schedule", "DIR")).Out.Split('\n');

        Assert.All(lines, static line => Assert.InRange(line.Length, 0, 80));
        Assert.Contains("hyperparameters", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_member_s_schedule_is_that_of_its_weights()
    {
        using var study = TestStudy.Branching();

        var printed = await study.RunAsync("schedule", "DIR", "--member", "m3", "--format", "yaml");

        Assert.Equal(
            $"""
            - from_step: 0
              steps: 1000
              member: 2
              first_interval: 1
              last_interval: 1
              hyperparameters:
                learning_rate: {study.State.Members[2].History[0].Hyperparameters["learning_rate"]}
                optimizer: "adam"
            - from_step: 1000
              steps: 3000
              member: 3
              first_interval: 2
              last_interval: 4
              hyperparameters:
                learning_rate: {study.State.Members[3].Hyperparameters["learning_rate"]}
                optimizer: "adam"

            """,
            printed.Out);
    }

    [Fact]
    public async Task CSV_has_every_value_to_its_last_digit()
    {
        using var study = TestStudy.Branching();

        var lines = (await study.RunAsync("schedule", "DIR", "--format", "csv")).Out.TrimEnd().Split('\n');

        Assert.Equal("from_step,steps,member,first_interval,last_interval,learning_rate,optimizer", lines[0]);
        Assert.Equal($"3000,1000,1,4,4,{study.State.Members[1].Hyperparameters["learning_rate"]},adam", lines[3]);
    }

    [Fact]
    public async Task JSON_has_the_changes_and_the_rows()
    {
        using var study = TestStudy.Branching();

        var json = (await study.RunAsync("schedule", "DIR", "--json")).Json;

        JsonKeys.AssertHas(json, "study", "member", "changes", "schedule");
        Assert.Equal((3, 4), (json["changes"]!.AsArray().Count, json["schedule"]!.AsArray().Count));
        Assert.All(json["changes"]!.AsArray(), static c => JsonKeys.AssertHas(c, "from_step", "steps", "member", "first_interval", "last_interval", "hyperparameters"));
        Assert.Equal(json.ToJsonString(), (await study.RunAsync("schedule", "DIR", "--format", "json")).Json.ToJsonString());
    }

    [Fact]
    public async Task A_member_that_is_not_there_is_a_bad_request()
    {
        using var study = TestStudy.Branching();

        Assert.Equal(ExitCode.BadRequest, (await study.RunAsync("schedule", "DIR", "--member", "m4")).Exit);
        Assert.Equal(ExitCode.BadRequest, (await study.RunAsync("schedule", "DIR", "--member", "-1")).Exit);
        Assert.Equal(ExitCode.BadRequest, (await study.RunAsync("show", "DIR", "mm1")).Exit);
    }
}
