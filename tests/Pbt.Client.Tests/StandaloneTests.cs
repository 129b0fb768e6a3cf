using System.Text.Json;

namespace Pbt.Client.Tests;

/// <summary>The same program without a session: alone, and under the command protocol.</summary>
public sealed class StandaloneTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("pbt-client-").FullName;
    private readonly List<string> _warnings = [];

    [Fact]
    public async Task A_plain_run_has_the_defaults_and_goes_on_from_its_own_checkpoints()
    {
        await using var session = await TrainerSession.ConnectAsync(Plain with { Intervals = 2, Steps = 30, Seed = 5 }, static _ => null, CancellationToken.None);
        var seen = new List<TrainingInterval>();
        await foreach (var interval in session.IntervalsAsync())
        {
            seen.Add(interval);
            interval.Progress(1, ("loss", 1));
            await File.WriteAllTextAsync(Path.Combine(interval.CheckpointOut, "weights"), "1");
            await interval.CompleteAsync(0.5);
        }

        Assert.Equal(SessionKind.Plain, session.Kind);
        Assert.Equal([(true, 5), (false, 6)], seen.Select(static i => (i.Reload, i.Seed)));
        Assert.Equal([null, seen[0].CheckpointOut], seen.Select(static i => i.CheckpointIn));
        Assert.All(seen, static i => Assert.Equal((30L, 0.1), (i.Steps!.Value, i.Hyperparameters.GetDouble("lr"))));
        Assert.Equal([Path.Combine(_root, "000001"), Path.Combine(_root, "000002")], seen.Select(static i => i.CheckpointOut));
    }

    [Fact]
    public async Task A_plain_run_leaves_the_checkpoints_of_an_earlier_one_alone()
    {
        Directory.CreateDirectory(Path.Combine(_root, "000001"));
        await using var session = await TrainerSession.ConnectAsync(Plain, static _ => null, CancellationToken.None);
        await foreach (var interval in session.IntervalsAsync())
        {
            Assert.Equal((Path.Combine(_root, "000002"), null), (interval.CheckpointOut, interval.CheckpointIn));
            await interval.CompleteAsync(1);
        }
    }

    [Fact]
    public async Task Under_the_command_protocol_the_interval_is_that_of_the_variables()
    {
        var variables = Variables();
        await using (var session = await TrainerSession.ConnectAsync(Plain, variables.GetValueOrDefault, CancellationToken.None))
        {
            Assert.Equal(SessionKind.Command, session.Kind);
            await foreach (var interval in session.IntervalsAsync())
            {
                Assert.Equal((2, 7, 40L, null, 11), (interval.Member, interval.Interval, interval.Steps, interval.Seconds, interval.Seed));
                Assert.Equal((true, "/in", "/out"), (interval.Reload, interval.CheckpointIn, interval.CheckpointOut));
                Assert.Equal(0.7, interval.Hyperparameters.GetDouble("lr"));
                interval.Progress(3, ("loss", 0.5), ("bad", double.NaN));
                await interval.CompleteAsync(double.NaN, [1], steps: 41);
            }
        }

        Assert.Equal("{\"step\":3,\"loss\":0.5,\"bad\":NaN}\n", await File.ReadAllTextAsync(variables["PBT_METRICS"]!));
        Assert.Equal("{\"score\":NaN,\"samples\":[1],\"steps\":41}\n", await File.ReadAllTextAsync(variables["PBT_RESULT"]!));
    }

    [Theory]
    [InlineData("PBT_SEED", null, "PBT_SEED is not")]
    [InlineData("PBT_MEMBER", "two", "PBT_MEMBER is 'two'")]
    [InlineData("PBT_HYPERPARAMETERS", "/nowhere.json", "/nowhere.json")]
    public async Task Variables_that_are_wrong_are_named(string name, string? value, string expected)
    {
        var variables = Variables();
        variables[name] = value;
        await using var session = await TrainerSession.ConnectAsync(Plain, variables.GetValueOrDefault, CancellationToken.None);

        var error = await Assert.ThrowsAsync<ProtocolException>(async () => await session.IntervalsAsync().GetAsyncEnumerator().MoveNextAsync());

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hyperparameters_say_what_is_wrong()
    {
        using var json = JsonDocument.Parse("""{"lr":0.5,"optimizer":"adam","nesterov":false,"layers":3000000000}""");
        var values = Hyperparameters.Read(json.RootElement, Plain.Defaults);

        Assert.Contains("there are lr, optimizer, nesterov, layers", Assert.Throws<KeyNotFoundException>(() => values["rate"]).Message, StringComparison.Ordinal);
        Assert.Equal("The hyperparameter optimizer is the text 'adam', not a number.", Assert.Throws<FormatException>(() => values.GetDouble("optimizer")).Message);
        Assert.Equal("The hyperparameter lr is the number 0.5, not an integer of 32 bits.", Assert.Throws<FormatException>(() => values.GetInt32("lr")).Message);
        Assert.Equal("The hyperparameter nesterov is false, not a text.", Assert.Throws<FormatException>(() => values.GetString("nesterov")).Message);
        Assert.Throws<FormatException>(() => values.GetInt32("layers"));
        Assert.Throws<FormatException>(() => values.GetBoolean("lr"));
    }

    [Theory]
    [InlineData(0, 1, 0, "Capacity is 0")]
    [InlineData(4097, 1, 0, "Capacity is 4097")]
    [InlineData(1, 0, 0, "Intervals is 0")]
    [InlineData(1, 1, -1, "Seed is -1")]
    public async Task Options_out_of_their_range_are_named(int capacity, int intervals, int seed, string expected)
    {
        var options = new SessionOptions { Capacity = capacity, Intervals = intervals, Seed = seed };

        var error = await Assert.ThrowsAsync<ArgumentException>(() => TrainerSession.ConnectAsync(options));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private SessionOptions Plain => new()
    {
        Defaults = new Dictionary<string, HyperparameterValue>(StringComparer.Ordinal) { ["lr"] = 0.1 },
        CheckpointDirectory = _root,
        Warn = _warnings.Add,
    };

    private Dictionary<string, string?> Variables()
    {
        var hyperparameters = Path.Combine(_root, "hyperparameters.json");
        File.WriteAllText(hyperparameters, """{"lr": 0.7}""");
        return new(StringComparer.Ordinal)
        {
            ["PBT_CHECKPOINT_OUT"] = "/out",
            ["PBT_CHECKPOINT_IN"] = "/in",
            ["PBT_MEMBER"] = "2",
            ["PBT_INTERVAL"] = "7",
            ["PBT_STEPS"] = "40",
            ["PBT_SECONDS"] = "",
            ["PBT_SEED"] = "11",
            ["PBT_HYPERPARAMETERS"] = hyperparameters,
            ["PBT_METRICS"] = Path.Combine(_root, "metrics.jsonl"),
            ["PBT_RESULT"] = Path.Combine(_root, "result.json"),
        };
    }
}
