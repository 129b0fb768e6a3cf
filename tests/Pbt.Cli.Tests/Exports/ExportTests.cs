using System.Text.Json.Nodes;
using Pbt.Core.Population;

namespace Pbt.Cli.Tests.Exports;

public sealed class ExportTests : IDisposable
{
    private readonly TestStudy _study = TestStudy.Branching();

    private string Folder => Path.Combine(_study.Open.Directory.Root, "out");

    public void Dispose() => _study.Dispose();

    [Fact]
    public async Task JSON_Lines_have_every_interval_with_all_that_is_known_of_it()
    {
        Assert.Equal(ExitCode.Done, (await ExportAsync("jsonl")).Exit);

        var rows = JsonLines("intervals");

        Assert.Equal(16, rows.Count);
        Assert.All(rows, static row => JsonKeys.AssertHas(
            row, "member", "interval", "attempt", "segment", "donor", "start", "checkpoint", "score", "smoothed", "steps", "lineage_steps", "seconds", "time", "samples", "hyperparameters", "metrics"));
        foreach (var row in rows)
        {
            var record = _study.State.Members[(int)row["member"]!].History[(int)row["interval"]! - 1];
            Assert.Equal(record.Score, (double)row["score"]!);
            Assert.Equal(record.LineageSteps, (long)row["lineage_steps"]!);
            Assert.Equal(record.Samples, row["samples"]!.AsArray().Select(static sample => (double)sample!));
            Assert.Equal(record.Hyperparameters["learning_rate"].Number, (double)row["hyperparameters"]!["learning_rate"]!);
            Assert.Equal(record.Donor?.Value, (int?)row["donor"]);
        }
    }

    [Fact]
    public async Task A_segment_ends_where_a_donors_weights_begin()
    {
        await ExportAsync("jsonl");

        var segments = JsonLines("intervals").GroupBy(static row => (int)row["member"]!).Select(static rows => string.Join(' ', rows.Select(static row => row["segment"])));

        // m3 took m2's weights after interval 1; m0 m3's after 2, m1 m3's after 3; m2's donor is for an interval that has not ended.
        Assert.Equal(["1 1 2 2", "1 1 1 2", "1 1 1 1", "1 2 2 2"], segments);
    }

    [Fact]
    public async Task Decisions_have_what_a_member_was_and_became()
    {
        await ExportAsync("jsonl");

        var rows = JsonLines("decisions");
        var exploits = rows.Where(static row => (string?)row["action"] is "exploit").Select(static row => $"m{row["member"]} from m{row["donor"]} after {row["interval"]}");

        Assert.Equal(["m3 from m2 after 1", "m0 from m3 after 2", "m1 from m3 after 3", "m2 from m1 after 4"], exploits);
        Assert.Equal(16, rows.Count);
        Assert.Equal(_study.State.Members[2].Hyperparameters["learning_rate"].Number, (double)rows.Single(static row => row["interval"]!.GetValue<int>() == 4 && (string?)row["action"] is "exploit")["hyperparameters"]!["learning_rate"]!);
    }

    [Fact]
    public async Task CSV_has_a_column_for_each_hyperparameter_and_metric_and_every_digit()
    {
        var printed = await ExportAsync("csv");

        var lines = await File.ReadAllLinesAsync(Path.Combine(Folder, "intervals.csv"));

        Assert.Equal(
            "member,interval,attempt,segment,donor,start,checkpoint,score,smoothed,steps,lineage_steps,seconds,time,samples,hyperparameters.learning_rate,hyperparameters.optimizer,metrics.loss",
            lines[0]);
        Assert.Equal(17, lines.Length);
        var record = _study.State.Members[0].History[0];
        Assert.Equal(
            $"0,1,{record.Attempt.Value},1,,,{record.Checkpoint},1,,1000,1000,10,{record.Time:yyyy-MM-ddTHH:mm:sszzz},\"[0,2]\",{record.Hyperparameters["learning_rate"]},{record.Hyperparameters["optimizer"]},0.5",
            lines[1]);
        Assert.Equal(
            "wrote DIR/out/members.csv: 4 rows\nwrote DIR/out/intervals.csv: 16 rows\nwrote DIR/out/attempts.csv: 16 rows\nwrote DIR/out/decisions.csv: 16 rows\nwrote DIR/out/progress.csv: 0 rows\n",
            printed.Out);
        Assert.Empty(await File.ReadAllTextAsync(Path.Combine(Folder, "progress.csv")));
    }

    [Fact]
    public async Task Failures_are_rows_without_a_score()
    {
        using var study = new TestStudy();
        study.RunRound(static member => member == 2 ? double.NaN : member);
        var folder = Path.Combine(study.Open.Directory.Root, "out");

        Assert.Equal(ExitCode.Done, (await study.RunAsync("export", "DIR", "--format", "jsonl", "-o", folder)).Exit);

        var failed = Rows(Path.Combine(folder, "attempts.jsonl")).Where(static row => (string?)row["outcome"] is "failed").ToList();
        Assert.Equal(["the trainer ended with code 1"], failed.Select(static row => (string?)row["reason"]).Distinct());
        Assert.All(failed, static row => Assert.Equal(2, (int)row["member"]!));
    }

    [Fact]
    public async Task Progress_inside_intervals_is_a_table_and_a_torn_line_is_told()
    {
        var metrics = _study.Open.Directory.MetricsOf(new MemberId(1));
        Directory.CreateDirectory(Path.GetDirectoryName(metrics)!);
        await File.WriteAllTextAsync(metrics, "{\"interval\":1,\"attempt\":2,\"step\":10,\"loss\":0.25,\"note\":\"a, \\\"b\\\"\"}\n{\"interval\":1,\"st");

        var printed = await ExportAsync("csv");

        Assert.Equal("member,interval,attempt,step,loss,note\n1,1,2,10,0.25,\"a, \"\"b\"\"\"\n", await File.ReadAllTextAsync(Path.Combine(Folder, "progress.csv")));
        Assert.Equal("pbt: DIR/metrics/m0001.jsonl line 2 is no JSON object and is left out\n", printed.Error);
    }

    [Fact]
    public async Task Rays_global_file_has_every_exploit_and_the_rows_of_every_policy()
    {
        await ExportAsync("ray");

        var global = await File.ReadAllLinesAsync(Path.Combine(Folder, "pbt_global.txt"));
        var policies = Directory.GetFiles(Folder, "pbt_policy_*.txt");

        Assert.Equal(["m3 m2 1 1", "m0 m3 2 2", "m1 m3 3 3", "m2 m1 4 4"], global.Select(static row => string.Join(' ', JsonNode.Parse(row)!.AsArray().Take(4))));
        Assert.Equal(4, policies.Length);
        Assert.Equal((await _study.RunAsync("schedule", "DIR", "--member", "m0", "--export", "ray")).Out, await File.ReadAllTextAsync(Path.Combine(Folder, "pbt_policy_m0.txt")));
        Assert.All(policies.SelectMany(File.ReadAllLines), row => Assert.Contains(row, global));
    }

    [Fact]
    public async Task A_folder_that_is_there_is_not_written_over()
    {
        Directory.CreateDirectory(Folder);

        var printed = await ExportAsync("ray");

        Assert.Equal((ExitCode.BadRequest, "pbt: DIR/out exists already and is not overwritten: name another folder with -o\n"), (printed.Exit, printed.Error));
        Assert.Empty(Directory.GetFileSystemEntries(Folder));
    }

    [Fact]
    public async Task A_study_that_was_never_created_is_a_bad_request_and_leaves_nothing()
    {
        using var study = new TestStudy(isCreated: false);
        var folder = Path.Combine(study.Open.Directory.Root, "out");

        Assert.Equal(ExitCode.BadRequest, (await study.RunAsync("export", "DIR", "--format", "csv", "-o", folder)).Exit);
        Assert.Empty(Directory.GetFileSystemEntries(study.Open.Directory.Root));
    }

    [Fact]
    public async Task An_unknown_format_names_those_that_there_are()
    {
        var printed = await ExportAsync("xlsx");

        Assert.NotEqual(ExitCode.Done, printed.Exit);
        Assert.Contains("tensorboard", printed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Figures_are_a_file_for_the_scores_the_lineage_and_each_hyperparameter()
    {
        var printed = await _study.RunAsync("export", "DIR", "--figures", "-o", Folder);

        Assert.Equal(ExitCode.Done, printed.Exit);
        Assert.Equal(["hyperparameter-1-learning_rate.svg", "hyperparameter-2-optimizer.svg", "lineage.svg", "score.svg"], Directory.GetFiles(Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(Directory.GetFiles(Folder), static file => Assert.StartsWith("<svg", File.ReadAllText(file), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData]
    [InlineData("--figures", "--format", "csv")]
    public async Task Figures_or_one_format_are_asked_for(params string[] asked)
    {
        var printed = await _study.RunAsync(["export", "DIR", "-o", Folder, .. asked]);

        Assert.NotEqual(ExitCode.Done, printed.Exit);
        Assert.Contains("give --format with one of csv, jsonl, tensorboard and ray, or --figures", printed.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Folder));
    }

    private static List<JsonNode> Rows(string path) => [.. File.ReadLines(path).Select(static line => JsonNode.Parse(line)!)];

    private List<JsonNode> JsonLines(string table) => Rows(Path.Combine(Folder, table + ".jsonl"));

    private Task<Printed> ExportAsync(string format) => _study.RunAsync("export", "DIR", "--format", format, "-o", Folder);
}
