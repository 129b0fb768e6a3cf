using Pbt.Harness;

namespace Pbt.Samples.Tests.DotNet;

/// <summary>One program, three ways: alone, as a command and in a session.</summary>
public sealed class SessionSampleTests : IDisposable
{
    private readonly Study _study = new();

    [Fact]
    public async Task Without_pbt_it_trains_with_its_defaults()
    {
        var (exit, printed) = await SampleProgram.Start("dotnet-session", _study.Root, []).EndAsync();

        Assert.True(exit == 0, printed);
        Assert.Contains("interval 1: score -", printed, StringComparison.Ordinal);
        Assert.True(File.Exists(_study.At("checkpoints/000001/model.bin")), printed);
    }

    [Theory]
    [InlineData("command")]
    [InlineData("session")]
    public async Task Under_pbt_it_trains_a_population(string protocol)
    {
        _study.Spec($$"""
            name: sample
            seed: 1
            population: 3
            objective: { metric: score, goal: maximize }
            interval: { steps: 20 }
            budget: { intervals: 3 }
            hyperparameters:
              learning_rate: { type: float, min: 1.0e-4, max: 0.1, scale: log }
              momentum:      { type: float, min: 0, max: 0.9, scale: one_minus_log }
              batch_size:    { type: ordinal, values: [8, 16] }
            trainer: { protocol: {{protocol}}, command: [dotnet, exec, "{{SampleProgram.PathOf("dotnet-session")}}"] }
            """);

        (await _study.RunAsync(slots: 1)).Expect(0);

        Assert.Equal(9, _study.Count("interval_completed"));
        Assert.Equal(0, _study.Count("attempt_failed"));
        var lines = Directory.GetFiles(Path.Combine(_study.Dir, "metrics")).Sum(static file => File.ReadLines(file).Count());
        Assert.Equal(9 * 20, lines);
    }

    [Fact]
    public async Task Asked_to_stop_it_leaves_no_result_and_says_that_it_was_ended()
    {
        File.WriteAllText(_study.At("hyperparameters.json"), """{"batch_size": 8}""");
        Directory.CreateDirectory(_study.At("out"));
        var process = SampleProgram.Start("dotnet-session", _study.Root, [], new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PBT_CHECKPOINT_OUT"] = _study.At("out"),
            ["PBT_CHECKPOINT_IN"] = string.Empty,
            ["PBT_HYPERPARAMETERS"] = _study.At("hyperparameters.json"),
            ["PBT_MEMBER"] = "0",
            ["PBT_INTERVAL"] = "1",
            ["PBT_STEPS"] = "1000000000",
            ["PBT_SECONDS"] = string.Empty,
            ["PBT_SEED"] = "3",
            ["PBT_RESULT"] = _study.At("result.json"),
            ["PBT_METRICS"] = _study.At("metrics.jsonl"),
        });
        await Eventually.HoldsAsync("it trains", () => new FileInfo(_study.At("metrics.jsonl")) is { Exists: true, Length: > 0 }, static () => string.Empty);
        Signals.Send(process.Id, Signal.Terminate);

        var (exit, printed) = await process.EndAsync();

        Assert.True(exit == 143, $"{exit}: {printed}");
        Assert.False(File.Exists(_study.At("result.json")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_study.At("out")));
    }

    public void Dispose() => _study.Dispose();
}
