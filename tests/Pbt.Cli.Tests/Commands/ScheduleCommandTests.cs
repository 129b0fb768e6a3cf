using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

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

        var printed = await study.RunAsync("schedule", "DIR", "--member", "m3", "--export", "yaml");

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

        var lines = (await study.RunAsync("schedule", "DIR", "--export", "csv")).Out.TrimEnd().Split('\n');

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
        Assert.Equal(json.ToJsonString(), (await study.RunAsync("schedule", "DIR", "--export", "json")).Json.ToJsonString());
    }

    [Fact]
    public async Task Rays_rows_lead_from_donor_to_donor_and_an_interval_is_an_iteration()
    {
        using var study = TestStudy.Branching();

        var rows = (await study.RunAsync("schedule", "DIR", "--export", "ray")).Out.TrimEnd().Split('\n');
        var (first, middle, last) = (Text(2, 1), Text(3, 2), Text(1, 4));

        Assert.Equal([$"[\"m3\", \"m2\", 1, 1, {first}, {middle}]", $"[\"m1\", \"m3\", 3, 3, {middle}, {last}]"], rows);

        string Text(int member, int interval) => HyperparametersJson.Text(study.State.Members[member].History[interval - 1].Hyperparameters);
    }

    [Fact]
    public async Task A_schedule_without_a_change_is_for_Ray_a_row_that_changes_nothing()
    {
        using var study = new TestStudy().RunRounds(1);
        var values = HyperparametersJson.Text(study.State.Best!.Record.Hyperparameters);

        Assert.Equal($"[\"m2\", \"m2\", 0, 0, {values}, {values}]\n", (await study.RunAsync("schedule", "DIR", "--export", "ray")).Out);
    }

    [Theory]
    [InlineData("yaml")]
    [InlineData("json")]
    [InlineData("csv")]
    [InlineData("ray")]
    public async Task Every_format_is_read_back_as_the_same_schedule(string format)
    {
        using var study = TestStudy.Branching();
        var expected = ReplaySpec.ScheduleOf(Lineage.Of(study.State, study.State.Best!.Record.Checkpoint), steps: 1000);

        var text = (await study.RunAsync("schedule", "DIR", "--export", format)).Out;
        var read = Assert.IsType<ScheduleResult.Valid>(ScheduleReader.Read(text, "schedule", study.Spec.Hyperparameters, stepsPerIteration: 1000)).Schedule;

        Assert.Equal<HyperparameterChange>(expected.Changes, read.Changes);
        Assert.Equal(format is "ray" ? null : 4000, read.Steps);
    }

    [Fact]
    public async Task It_is_written_to_a_new_file_and_never_over_another()
    {
        using var study = TestStudy.Branching();
        var file = Path.Combine(study.Open.Directory.Root, "schedule.csv");

        Assert.Equal("wrote DIR/schedule.csv: 4 intervals, 3 stretches\n", (await study.RunAsync("schedule", "DIR", "--export", "csv", "--out", file)).Out);
        Assert.Equal((await study.RunAsync("schedule", "DIR", "--export", "csv")).Out, await File.ReadAllTextAsync(file));
        Assert.Equal(ExitCode.BadRequest, (await study.RunAsync("schedule", "DIR", "--export", "csv", "--out", file)).Exit);
        Assert.Contains("--out goes with --export", (await study.RunAsync("schedule", "DIR", "--out", "x")).Error, StringComparison.Ordinal);
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
