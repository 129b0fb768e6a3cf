using System.CommandLine;
using Pbt.Cli.Commands;

namespace Pbt.Cli.Tests.Commands;

/// <summary>What <c>pbt sweep</c> says before it starts anything.</summary>
public sealed class SweepCommandTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("pbt-sweep-").FullName;

    public SweepCommandTests() => Write(
        "study.yaml",
        """
        name: toy
        population: 8
        mode: synchronous
        objective: { metric: q, goal: maximize }
        interval: { steps: 10 }
        budget: { intervals: 30 }
        hyperparameters: { h: { type: float, min: 0.0001, max: 1.1 } }
        trainer: { builtin: plain }

        """);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_preview_has_a_line_for_each_run_seed_after_seed()
    {
        var printed = await RunAsync("name: s\nat_once: 2\nseeds: 5-6\nstudies: [ { spec: study.yaml, grid: { population: [4, 8], exploit.top: [0.25] } } ]", "--dry-run", "--slots", "3");

        Assert.Equal(
            """
            s: 4 runs of 2 studies in ROOT/out

            directory               seed  members  intervals  state  values
            toy-population4/seed-5     5        4         30  new    population=4  exploit.top=0.25
            toy-population8/seed-5     5        8         30  new    population=8  exploit.top=0.25
            toy-population4/seed-6     6        4         30  new    population=4  exploit.top=0.25
            toy-population8/seed-6     6        8         30  new    population=8  exploit.top=0.25

            2 runs at a time, with 2 slots and 1 slot.

            """,
            printed.Out);
        Assert.Equal((ExitCode.Done, string.Empty), (printed.Exit, printed.Error));
        Assert.False(Directory.Exists(Path.Combine(_root, "out")));
    }

    [Fact]
    public async Task JSON_has_every_run()
    {
        var json = (await RunAsync("name: s\nstudies: [ { spec: study.yaml, grid: { budget.intervals: [5, 6] } } ]", "--dry-run", "--json")).Json;

        JsonKeys.AssertHas(json, "sweep", "directory", "at_once", "runs", "notes");
        Assert.All(json["runs"]!.AsArray(), static run => JsonKeys.AssertHas(run!, "study", "seed", "directory", "log", "population", "intervals", "values", "state", "reason"));
        Assert.Equal(["5", "6"], json["runs"]!.AsArray().Select(static run => (string)run!["values"]!["budget.intervals"]!));
    }

    [Fact]
    public async Task A_report_of_nothing_says_so()
    {
        var printed = await RunAsync("name: s\nstudies: [ { spec: study.yaml } ]", "--report");

        Assert.Equal((ExitCode.Done, "toy is not in the table: of 1 run, 1 new; those that went well would flatter it.\n"), (printed.Exit, printed.Out.Replace("would\nflatter", "would flatter", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("name: s\nstudies: [ { spec: absent.yaml } ]", "2:20: studies: there is no file ROOT/absent.yaml; the path is relative to this file's folder")]
    [InlineData("name: s\nstudies: [ { spec: . } ]", "ROOT/. is a directory; name the spec in it")]
    [InlineData("name: s\nat_once: 2\nstudies: [ { spec: study.yaml, set: { resources.gpus: [0, 1] }, seeds: 1-2 } ]", "resources.gpus")]
    [InlineData("name: s\nstudies: [ { spec: study.yaml, grid: { trainer: [{ protocol: in_process }, { builtin: plain }] } } ]", "toy-trainerprotocol-in_process/seed-0: a study with `trainer: { protocol: in_process }`")]
    [InlineData("name: s\nstudies: [ { spec: study.yaml } ]", "--at-once is 0; it must be at least 1", "--at-once", "0")]
    [InlineData("name: s\nstudies: [ { spec: study.yaml } ]", "give one of them", "--report")]
    [InlineData("name: s\nstudies: [ { spec: study.yaml } ]", "--only 'x is no run", "--only", "'x")]
    public async Task What_cannot_run_is_refused(string sweep, string message, params string[] more)
    {
        var printed = await RunAsync(sweep, ["--dry-run", .. more]);

        Assert.NotEqual(ExitCode.Done, printed.Exit);
        Assert.Contains(message, printed.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_root, "out")));
    }

    [Fact]
    public async Task A_file_in_the_place_of_a_study_is_refused()
    {
        Directory.CreateDirectory(Path.Combine(_root, "out", "toy", "seed-0"));
        Write("out/toy/seed-0/thesis.txt", "mine");

        Assert.Contains("toy/seed-0: ROOT/out/toy/seed-0 holds thesis.txt and no study", (await RunAsync("name: s\nstudies: [ { spec: study.yaml } ]", "--dry-run")).Error, StringComparison.Ordinal);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_root, name);
        File.WriteAllText(path, text);
        return path;
    }

    private async Task<Printed> RunAsync(string sweep, params string[] more)
    {
        var path = Write("sweep.yaml", sweep);
        var (output, error) = (new StringWriter(), new StringWriter());
        var services = new CliServices(static directory => throw StudyCommand.NoStudyIn(directory), new FixedTime(), output, error);
        var exit = await new RootCommand { SweepCommand.Create(services) }
            .Parse(["sweep", path, "--dir", Path.Combine(_root, "out"), .. more])
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return new Printed(exit, Shown(output), Shown(error));
    }

    private string Shown(StringWriter text) => text.ToString().Replace(_root, "ROOT", StringComparison.Ordinal);
}
