using System.Text.Json;
using Pbt.Core.Population;
using Pbt.Storage.Metrics;

namespace Pbt.Storage.Tests.Metrics;

public sealed class MetricsLogTests : IDisposable
{
    private readonly TemporaryStudy _study = new();

    public void Dispose() => _study.Dispose();

    [Fact]
    public void Lines_are_kept_with_interval_attempt_and_time_which_a_trainer_cannot_forge()
    {
        var log = new MetricsLog(_study.Directory, TimeProvider.System);
        var id = new CheckpointId(new MemberId(2), 4, new AttemptId(9));
        log.Append(id, [Parse("""{"step": 10, "loss": 0.5, "interval": 99}""")]);
        log.Append(id, [Parse("""{"step": 20, "loss": 0.4}"""), Parse("""{"step": 30}""")]);
        log.Append(id, []);

        var lines = File.ReadAllLines(_study.Directory.MetricsOf(id.Member)).Select(Parse).ToList();
        Assert.Equal(3, lines.Count);
        Assert.All(lines, static line => Assert.Equal((4, 9), (line.GetProperty("interval").GetInt32(), line.GetProperty("attempt").GetInt32())));
        Assert.Equal([10, 20, 30], lines.Select(static line => line.GetProperty("step").GetInt32()));
        Assert.All(lines, static line => Assert.True(line.TryGetProperty("time", out _)));
    }

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
