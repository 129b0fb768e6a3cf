using System.Text.Json.Nodes;
using Pbt.Core.Population;
using Pbt.Core.SearchSpaces;
using Pbt.Harness;

namespace Pbt.Cli.Tests.Exports;

/// <summary>Event files, read by Google's protobuf runtime and another implementation of their checksum.</summary>
public sealed class TensorBoardTests : IDisposable
{
    private readonly TestStudy _study = TestStudy.Branching();

    private string Folder => Path.Combine(_study.Open.Directory.Root, "out");

    public void Dispose() => _study.Dispose();

    [EventReaderFact]
    public async Task An_exploit_starts_a_new_run_at_the_donors_steps()
    {
        var runs = await ReadAsync(_study, Folder);

        Assert.Equal([".", "m0000/s001", "m0000/s002", "m0001/s001", "m0001/s002", "m0002/s001", "m0003/s001", "m0003/s002"], runs.Select(static run => run.Key).Order(StringComparer.Ordinal));
        Assert.Equal("1000 2000", Steps(runs["m0000/s001"]!));
        Assert.Equal("3000 4000", Steps(runs["m0000/s002"]!));
        Assert.All(runs, static run => Assert.Equal("brain.Event:2", (string?)run.Value![0]!["version"]));
    }

    [EventReaderFact]
    public async Task Each_interval_has_its_score_hyperparameters_and_metrics()
    {
        var runs = await ReadAsync(_study, Folder);

        foreach (var member in _study.State.Members)
        {
            var points = LineageSegment.Of(member.History).SelectMany(segment => Points(runs[$"m{member.Id.Value:D4}/s{segment.Number:D3}"]!)).ToList();
            Assert.Equal(member.History.Count, points.Count);
            foreach (var (record, point) in member.History.Zip(points))
            {
                var scalars = point["scalars"]!;
                Assert.Equal((float)record.Score!.Value, (float)scalars["score"]!);
                Assert.Equal((float)record.Hyperparameters["learning_rate"].Number, (float)scalars["hyperparameters/learning_rate"]!);
                Assert.Equal(0.5f, (float)scalars["metrics/loss"]!);
                Assert.Equal(record.LineageSteps, (long)point["step"]!);
                Assert.Equal((record.Time - DateTimeOffset.UnixEpoch).TotalSeconds, (double)point["time"]!);
            }
        }
    }

    [EventReaderFact]
    public async Task The_hparams_plugin_gets_the_experiment_and_each_runs_values()
    {
        var runs = await ReadAsync(_study, Folder);

        var experiment = Hparams(runs["."]!).Single()["experiment"]!;
        Assert.Equal(["learning_rate:3", "optimizer:1"], experiment["hparam_infos"]!.AsArray().Select(static info => $"{info!["name"]}:{info["type"]}"));
        Assert.Equal("score", (string?)experiment["metric_infos"]![0]!["name"]!["tag"]);

        var first = Hparams(runs["m0000/s001"]!);
        Assert.Equal(["_hparams_/session_start_info", "_hparams_/session_end_info"], first.Select(static data => (string?)data["tag"]));
        Assert.Equal(1, (int)first[1]["session_end_info"]!["status"]!);
        var values = _study.State.Members[0].History[0].Hyperparameters;
        var hparams = first[0]["session_start_info"]!["hparams"]!.AsArray().ToDictionary(static h => (string)h!["key"]!, static h => h!["value"], StringComparer.Ordinal);
        Assert.Equal(values["learning_rate"].Number, (double)hparams["learning_rate"]!);
        Assert.Equal(values["optimizer"].Text, (string?)hparams["optimizer"]);

        // The study goes on, and so do the members' last runs.
        Assert.Single(Hparams(runs["m0000/s002"]!));
    }

    [EventReaderFact]
    public async Task Hostile_names_and_bools_arrive_as_they_are()
    {
        const string name = "λ <b>\"x\"</b>";
        using var study = new TestStudy(TestStudy.Default with { Hyperparameters = new SearchSpace([new BoolHyperparameter(name)]) }).RunRounds(1);

        var runs = await ReadAsync(study, Path.Combine(study.Open.Directory.Root, "out"));

        var value = study.State.Members[0].History[0].Hyperparameters[name].Truth;
        var hparam = Hparams(runs["m0000/s001"]!)[0]["session_start_info"]!["hparams"]![0]!;
        Assert.Equal((name, value), ((string?)hparam["key"], (bool)hparam["value"]!));
        Assert.Equal(value ? 1f : 0f, (float)Points(runs["m0000/s001"]!).Single()["scalars"]![$"hyperparameters/{name}"]!);
    }

    private static async Task<JsonObject> ReadAsync(TestStudy study, string folder)
    {
        var printed = await study.RunAsync("export", "DIR", "--format", "tensorboard", "-o", folder);
        Assert.Equal((ExitCode.Done, string.Empty), (printed.Exit, printed.Error));
        var script = Path.Combine(SystemPython.Repository, "tests", "Pbt.Cli.Tests", "Exports", "read_events.py");
        return JsonNode.Parse(SystemPython.Run([script, folder], folder).Expect(0).Out)!.AsObject();
    }

    private static List<JsonNode> Points(JsonNode run) => [.. run.AsArray().Where(static e => e!["scalars"]!.AsObject().Count > 0).Select(static e => e!)];

    private static List<JsonNode> Hparams(JsonNode run) => [.. run.AsArray().Select(static e => e!["hparams"]).OfType<JsonNode>()];

    private static string Steps(JsonNode run) => string.Join(' ', Points(run).Select(static point => point["step"]));
}
