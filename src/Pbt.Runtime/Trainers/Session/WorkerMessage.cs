using System.Buffers;
using System.Text.Json;
using Pbt.Core.SearchSpaces;

namespace Pbt.Runtime.Trainers.Session;

/// <summary>Writes what a worker says to a trainer: whole lines (docs/protocol.md).</summary>
/// <remarks>Pure.</remarks>
internal static class WorkerMessage
{
    /// <summary>The version that is spoken.</summary>
    public const int Protocol = 1;

    /// <summary>Nothing further starts for now.</summary>
    public static ReadOnlyMemory<byte> Idle { get; } = Line("idle", static _ => { });

    /// <summary>The answer to a trainer's hello.</summary>
    public static ReadOnlyMemory<byte> Welcome(string study, int places) => Line("welcome", json =>
    {
        json.WriteNumber("protocol", Protocol);
        json.WriteString("study", study);
        json.WriteNumber("places", places);
    });

    /// <summary>An attempt starts.</summary>
    public static ReadOnlyMemory<byte> Start(AttemptContext context, bool reload) => Line("start", json =>
    {
        var assignment = context.Assignment;
        json.WriteNumber("attempt", assignment.Attempt.Value);
        json.WriteNumber("place", context.Place);
        json.WriteNumber("member", assignment.Member.Value);
        json.WriteNumber("interval", assignment.Interval);
        json.WritePropertyName("hyperparameters");
        json.WriteRawValue(HyperparametersJson.Text(assignment.Hyperparameters));
        json.WriteBoolean("reload", reload);
        json.WriteString("checkpoint_in", context.CheckpointIn);
        WriteOrigin(json, context);
        json.WriteString("checkpoint_out", context.CheckpointOut);
        if (context.Spec.Interval.Steps is { } steps)
            json.WriteNumber("steps", steps);
        else
            json.WriteNull("steps");

        if (context.Spec.Interval.Seconds is { } seconds)
            json.WriteNumber("seconds", seconds);
        else
            json.WriteNull("seconds");

        json.WriteNumber("seed", assignment.Seed);
    });

    /// <summary>A message of the trainer was not taken.</summary>
    public static ReadOnlyMemory<byte> Rejected(long attempt, string reason) => Line("rejected", json =>
    {
        json.WriteNumber("attempt", attempt);
        json.WriteString("reason", reason);
    });

    /// <summary>Nothing more comes.</summary>
    public static ReadOnlyMemory<byte> Stop(string reason, TimeSpan grace) => Line("stop", json =>
    {
        json.WriteString("reason", reason);
        json.WriteNumber("grace_seconds", grace.TotalSeconds);
    });

    /// <summary>The trainer has broken the protocol.</summary>
    public static ReadOnlyMemory<byte> Error(string reason) => Line("error", json => json.WriteString("reason", reason));

    private static void WriteOrigin(Utf8JsonWriter json, AttemptContext context)
    {
        if (context.Assignment.CheckpointIn is not { } origin)
        {
            json.WriteNull("from");
            return;
        }

        json.WriteStartObject("from");
        json.WriteNumber("member", origin.Member.Value);
        json.WriteNumber("interval", origin.Interval);
        json.WriteEndObject();
    }

    private static ReadOnlyMemory<byte> Line(string type, Action<Utf8JsonWriter> fields)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            fields(json);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenMemory;
    }
}
