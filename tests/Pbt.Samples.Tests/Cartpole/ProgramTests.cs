using System.Text.Json;
using Pbt.Samples.Cartpole;

namespace Pbt.Samples.Tests.Cartpole;

/// <summary>The program as pbt sees it: arguments, environment variables, files and exit codes.</summary>
/// <remarks>The only class here that touches the process's environment and error stream.</remarks>
public sealed class ProgramTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly TextWriter _originalError = Console.Error;
    private readonly StringWriter _error = new();

    public ProgramTests()
    {
        Console.SetError(_error);
        Environment.SetEnvironmentVariable("PBT_RESULT", _directory["result.json"]);
        Environment.SetEnvironmentVariable("PBT_METRICS", _directory["metrics.jsonl"]);
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PBT_RESULT", null);
        Environment.SetEnvironmentVariable("PBT_METRICS", null);
        Console.SetError(_originalError);
        _error.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("--learning-rate must be a number above 0, not 'fast'.", "--learning-rate", "fast")]
    [InlineData("--learning-rate must be a number above 0, not '0'.", "--learning-rate", "0")]
    [InlineData("--learning-rate must be a number above 0, not 'NaN'.", "--learning-rate", "NaN")]
    [InlineData("--learning-rate must be a number above 0, not 'Infinity'.", "--learning-rate", "Infinity")]
    [InlineData("--entropy-coef must be a number of at least 0, not '-1'.", "--entropy-coef", "-1")]
    [InlineData("--discount must be a number above 0 and below 1, not '1'.", "--discount", "1")]
    [InlineData("--epochs must be a whole number above 0, not '2.5'.", "--epochs", "2.5")]
    [InlineData("--seed must be a whole number of at least 0, not '-3'.", "--seed", "-3")]
    [InlineData("--steps needs a value.", "--steps")]
    [InlineData("--resume needs a value.", "--resume", "")]
    [InlineData("There is no option --momentum.", "--momentum", "0.9")]
    [InlineData("--save is missing: say where to leave the checkpoint.", "--steps", "1024")]
    public void Main_BadOptions_SaysWhatIsWrongAndExitsWithTwo(string message, params string[] arguments)
    {
        Assert.Equal(2, Program.Main(arguments));

        Assert.StartsWith($"cartpole: {message}", _error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", _error.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(_directory["result.json"]));
    }

    [Fact]
    public void Main_NoSuchCheckpoint_ExitsWithOneAndLeavesNoResult()
    {
        Assert.Equal(1, Program.Main(["--resume", _directory["none"], "--save", _directory["out"]]));

        Assert.Contains("none", _error.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(_directory["result.json"]));
        Assert.False(Directory.Exists(_directory["out"]));
    }

    [Fact]
    public void Main_OneInterval_WritesResultProgressAndCheckpoint()
    {
        Assert.Equal(0, Program.Main(["--steps", "2048", "--epochs", "1", "--entropy-coef", "0", "--save", _directory["out"]]));

        using var result = JsonDocument.Parse(File.ReadAllText(_directory["result.json"]));
        var samples = result.RootElement.GetProperty("samples").EnumerateArray().Select(value => value.GetDouble()).ToArray();
        Assert.Equal(20, samples.Length);
        Assert.Equal(samples.Average(), result.RootElement.GetProperty("score").GetDouble(), 1e-9);
        Assert.Equal(2048, result.RootElement.GetProperty("metrics").GetProperty("steps").GetInt32());
        var lines = File.ReadAllLines(_directory["metrics.jsonl"]);
        Assert.Equal([1024, 2048], lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("step").GetInt32()));
        Assert.NotEmpty(Directory.GetFiles(_directory["out"]));
    }

    [Fact]
    public void Main_SameOptionsCheckpointAndSeed_GivesTheSameBits()
    {
        Train("--seed", "1", "--save", _directory["start"]);

        var first = Train("--resume", _directory["start"], "--seed", "2", "--save", _directory["first"]);
        var second = Train("--resume", _directory["start"], "--seed", "2", "--save", _directory["second"]);
        var other = Train("--resume", _directory["start"], "--seed", "3", "--save", _directory["other"]);

        Assert.Equal(first, second, StringComparer.Ordinal);
        Assert.Equal(_directory.BytesOf("first"), _directory.BytesOf("second"));
        Assert.NotEqual(first, other, StringComparer.Ordinal);
        Assert.NotEqual(_directory.BytesOf("first"), _directory.BytesOf("other"));
    }

    private string Train(params string[] arguments)
    {
        Assert.Equal(0, Program.Main(["--steps", "1024", "--epochs", "2", .. arguments]));
        return File.ReadAllText(_directory["result.json"]);
    }
}
