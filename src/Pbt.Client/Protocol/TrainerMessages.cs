using System.Text.Json;

namespace Pbt.Client.Protocol;

/// <summary>Writes the messages of a trainer, one a line, and its result files.</summary>
/// <remarks>Numbers that are not finite are written as Python does: <c>NaN</c>, <c>Infinity</c>, <c>-Infinity</c>.</remarks>
internal static class TrainerMessages
{
    /// <summary>The version of the protocol that is spoken here.</summary>
    public const int Version = 1;

    /// <summary>The longest line that a worker takes.</summary>
    public const int MaxLine = 1024 * 1024;

    /// <summary>The longest progress that a worker takes.</summary>
    public const int MaxProgress = 64 * 1024;

    private const int MaxReason = 4_000;

    private static readonly string Client = $"pbt-client {typeof(TrainerMessages).Assembly.GetName().Version?.ToString(3)} (.NET {Environment.Version.Major}.{Environment.Version.Minor})";

    public static byte[] Hello(SessionOptions options) => Line(json =>
    {
        json.WriteString("type", "hello");
        json.WriteNumber("protocol", Version);
        json.WriteNumber("capacity", options.Capacity);
        if (options.Heartbeat is { } heartbeat)
            json.WriteNumber("heartbeat_seconds", heartbeat.TotalSeconds);

        json.WriteString("client", Client);
    });

    public static byte[] Heartbeat() => Line(static json => json.WriteString("type", "heartbeat"));

    /// <exception cref="ArgumentException">It is longer than a worker takes.</exception>
    public static byte[] Completed(TrainingInterval interval, IntervalResult result) => Limited(
        Line(json =>
        {
            Start(json, "completed", interval);
            Write(json, result);
        }),
        result);

    public static byte[] Failed(TrainingInterval interval, string reason) => Ended(interval, "failed", reason);

    public static byte[] Released(TrainingInterval interval, string reason) => Ended(interval, "released", reason);

    /// <summary>What a result file of the command protocol holds.</summary>
    /// <exception cref="ArgumentException">It is longer than a worker takes.</exception>
    public static byte[] Result(IntervalResult result) => Limited(Line(json => Write(json, result)), result);

    /// <summary>Writes one progress message, without its line feed.</summary>
    /// <param name="json">Where to; reset for it.</param>
    /// <param name="attempt">Whose; null where the file is of one attempt only.</param>
    /// <param name="step">The step.</param>
    /// <param name="metrics">What was measured.</param>
    public static void WriteProgress(Utf8JsonWriter json, long? attempt, long step, ReadOnlySpan<(string Name, double Value)> metrics)
    {
        json.WriteStartObject();
        if (attempt is { } number)
        {
            json.WriteString("type"u8, "progress"u8);
            json.WriteNumber("attempt"u8, number);
        }

        json.WriteNumber("step"u8, step);
        if (attempt is not null)
            json.WriteStartObject("metrics"u8);

        foreach (var (name, value) in metrics)
        {
            json.WritePropertyName(name);
            WriteNumber(json, value);
        }

        if (attempt is not null)
            json.WriteEndObject();

        json.WriteEndObject();
        json.Flush();
    }

    private static byte[] Limited(byte[] line, IntervalResult result) => line.Length <= MaxLine
        ? line
        : throw new ArgumentException($"The result takes {line.Length} bytes; pbt takes at most {MaxLine}: give fewer samples or metrics.", nameof(result));

    private static byte[] Ended(TrainingInterval interval, string type, string reason) => Line(json =>
    {
        Start(json, type, interval);
        json.WriteString("reason", reason.Length > MaxReason ? reason.AsSpan(0, MaxReason) : reason);
    });

    private static void Start(Utf8JsonWriter json, string type, TrainingInterval interval)
    {
        json.WriteString("type", type);
        json.WriteNumber("attempt", interval.Attempt);
        json.WriteNumber("member", interval.Member);
    }

    private static void Write(Utf8JsonWriter json, IntervalResult result)
    {
        if (result.Score is { } score)
        {
            json.WritePropertyName("score");
            WriteNumber(json, score);
        }

        if (result.Samples.Count > 0)
        {
            json.WriteStartArray("samples");
            foreach (var sample in result.Samples)
                WriteNumber(json, sample);

            json.WriteEndArray();
        }

        if (result.Metrics.Count > 0)
        {
            json.WriteStartObject("metrics");
            foreach (var (name, value) in result.Metrics)
            {
                json.WritePropertyName(name);
                WriteNumber(json, value);
            }

            json.WriteEndObject();
        }

        if (result.Steps is { } steps)
            json.WriteNumber("steps", steps);
    }

    private static void WriteNumber(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumberValue(value);
        else
            json.WriteRawValue(double.IsNaN(value) ? "NaN"u8 : value > 0 ? "Infinity"u8 : "-Infinity"u8, skipInputValidation: true);
    }

    private static byte[] Line(Action<Utf8JsonWriter> write)
    {
        var bytes = new ByteBuffer(capacity: 512);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        bytes.Append("\n"u8);
        return bytes.Written.ToArray();
    }
}
