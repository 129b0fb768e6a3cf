using System.Globalization;
using System.Text.Json;

namespace Pbt.Samples.Tests.Control;

/// <summary>The program without pbt, and as pbt's command protocol starts it.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("acrobot", "4096")]
    [InlineData("swingup", "4096")]
    public async Task Main_GoingOnInMemory_GivesTheBitsOfLoadingEachCheckpoint(string environment, string steps)
    {
        var (exitCode, error) = await ControlProgram.RunAsync(
            ["--env", environment, "--steps", steps, "--intervals", "3", "--seed", "5", "--checkpoints", _directory["memory"], "--epochs", "2"]);
        Assert.True(exitCode == 0, error);

        await File.WriteAllTextAsync(_directory["hyperparameters"], """{"epochs": 2}""");
        for (var interval = 1; interval <= 3; interval++)
            Assert.Equal((0, ""), await CommandAsync(environment, steps, interval));

        for (var interval = 1; interval <= 3; interval++)
            Assert.Equal(_directory.BytesOf($"memory/00000{interval}"), _directory.BytesOf($"loaded/{interval}"));
    }

    [Fact]
    public async Task Main_OneInterval_ReportsScoreSamplesMetricsAndProgress()
    {
        await File.WriteAllTextAsync(_directory["hyperparameters"], """{"learning_rate": 0.0003, "epochs": 1}""");

        Assert.Equal((0, ""), await CommandAsync("swingup", "8192", interval: 1));

        using var result = JsonDocument.Parse(await File.ReadAllTextAsync(_directory["result"]));
        var samples = result.RootElement.GetProperty("samples").EnumerateArray().Select(value => value.GetDouble()).ToArray();
        Assert.Equal(16, samples.Length);
        Assert.Equal(samples.Average(), result.RootElement.GetProperty("score").GetDouble(), 1e-9);
        Assert.Equal(8192, result.RootElement.GetProperty("metrics").GetProperty("total_steps").GetInt32());
        Assert.Contains("episode_return_mean", await File.ReadAllTextAsync(_directory["metrics"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Main_AHyperparameterThatItDoesNotKnow_FailsTheInterval()
    {
        await File.WriteAllTextAsync(_directory["hyperparameters"], """{"momentum": 0.9}""");

        var (exitCode, error) = await CommandAsync("acrobot", "1024", interval: 1);

        Assert.Equal(1, exitCode);
        Assert.Contains("There is no hyperparameter momentum; there are learning_rate", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.False(File.Exists(_directory["result"]));
    }

    [Fact]
    public async Task Main_BadOptions_ExitsWithTwo()
    {
        var (exitCode, error) = await ControlProgram.RunAsync(["--steps", "5"]);

        Assert.Equal(2, exitCode);
        Assert.StartsWith("control: --env is missing: say what to learn.", error, StringComparison.Ordinal);
    }

    private Task<(int ExitCode, string Error)> CommandAsync(string environment, string steps, int interval)
    {
        Directory.CreateDirectory(_directory[$"loaded/{interval}"]);
        return ControlProgram.RunAsync(
            ["--env", environment],
            ("PBT_CHECKPOINT_IN", interval == 1 ? "" : _directory[$"loaded/{interval - 1}"]),
            ("PBT_CHECKPOINT_OUT", _directory[$"loaded/{interval}"]),
            ("PBT_HYPERPARAMETERS", _directory["hyperparameters"]),
            ("PBT_RESULT", _directory["result"]),
            ("PBT_METRICS", _directory["metrics"]),
            ("PBT_MEMBER", "0"),
            ("PBT_INTERVAL", interval.ToString(CultureInfo.InvariantCulture)),
            ("PBT_STEPS", steps),
            ("PBT_SEED", (4 + interval).ToString(CultureInfo.InvariantCulture)));
    }
}
