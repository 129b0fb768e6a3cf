using System.Buffers;
using System.Text.Json;
using Pbt.Samples.Ppo;

namespace Pbt.Samples.Cartpole;

/// <summary>Tells pbt how training goes and how it ended, as JSON.</summary>
/// <remarks>Written by hand: serialization by reflection would have to warm up anew in each interval's process.</remarks>
public static class Report
{
    /// <summary>One line of the progress file.</summary>
    public static byte[] Progress(TrainingProgress progress) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("step", progress.TotalSteps);
        if (progress.EpisodeReturnMean is { } mean)
            json.WriteNumber("episode_return_mean", mean);
        json.WriteNumber("entropy", progress.Entropy);
        json.WriteEndObject();
    });

    /// <summary>The result of the interval; its score is the mean of the returns.</summary>
    public static byte[] Result(IReadOnlyCollection<double> returns, TrainingSummary summary, long totalSteps) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("score", returns.Average());
        json.WriteStartArray("samples");
        foreach (var value in returns)
            json.WriteNumberValue(value);
        json.WriteEndArray();
        json.WriteStartObject("metrics");
        foreach (var (name, value) in summary.Metrics)
            json.WriteNumber(name, value);
        json.WriteNumber("total_steps", totalSteps);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private static byte[] Write(Action<Utf8JsonWriter> content)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
            content(json);
        return [.. buffer.WrittenSpan, (byte)'\n'];
    }
}
