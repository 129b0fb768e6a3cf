using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Pbt.Client.Protocol;

/// <summary>Reads the messages of a worker.</summary>
internal static class WorkerMessageReader
{
    private const int MaxShown = 200;

    /// <summary>Reads a line, without its line feed; null if it is empty.</summary>
    /// <exception cref="ProtocolException">It is no message.</exception>
    public static WorkerMessage? Read(ReadOnlyMemory<byte> line)
    {
        if (line.Span.IndexOfAnyExcept(" \t\r"u8) < 0)
            return null;

        if (!Utf8.IsValid(line.Span))
            throw new ProtocolException("the worker sent a line that is not UTF-8");

        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Read(document.RootElement)
                : throw new ProtocolException($"the worker sent a line that is no JSON object: {Shown(line)}");
        }
        catch (JsonException error)
        {
            throw new ProtocolException($"the worker sent a line that is no JSON object: {Shown(line)}", error);
        }
    }

    private static WorkerMessage Read(JsonElement message) => Text(message, "type") switch
    {
        "welcome" => new WorkerMessage.Welcome(Int32(message, "protocol"), OptionalText(message, "study"), Int32(message, "places")),
        "start" => ReadStart(message),
        "idle" => new WorkerMessage.Idle(),
        "rejected" => new WorkerMessage.Rejected(OptionalInt64(message, "attempt"), OptionalText(message, "reason") ?? "no reason was given"),
        "stop" => new WorkerMessage.Stop(OptionalText(message, "reason") ?? "the worker stops", OptionalDouble(message, "grace_seconds")),
        "error" => new WorkerMessage.Error(OptionalText(message, "reason") ?? "no reason was given"),
        _ => new WorkerMessage.Unknown(),
    };

    private static WorkerMessage.Start ReadStart(JsonElement message) => new(
        OptionalInt64(message, "attempt") ?? throw Missing(message, "attempt", "an integer"),
        Int32(message, "place"),
        Int32(message, "member"),
        Int32(message, "interval"),
        TryGet(message, "hyperparameters", out var hyperparameters) ? hyperparameters.Clone() : throw Missing(message, "hyperparameters", "an object"),
        Boolean(message, "reload"),
        OptionalText(message, "checkpoint_in"),
        ReadFrom(message),
        Text(message, "checkpoint_out"),
        OptionalInt64(message, "steps"),
        OptionalDouble(message, "seconds"),
        Int32(message, "seed"));

    private static IntervalOrigin? ReadFrom(JsonElement message)
    {
        if (!TryGet(message, "from", out var from))
            return null;

        return from.ValueKind == JsonValueKind.Object
            ? new IntervalOrigin(Int32(from, "member"), Int32(from, "interval"))
            : throw Missing(message, "from", "an object or null");
    }

    private static string Text(JsonElement message, string name) => OptionalText(message, name) ?? throw Missing(message, name, "a text");

    private static string? OptionalText(JsonElement message, string name) =>
        !TryGet(message, name, out var value) ? null : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Missing(message, name, "a text");

    private static int Int32(JsonElement message, string name) =>
        TryGet(message, name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : throw Missing(message, name, "an integer");

    private static long? OptionalInt64(JsonElement message, string name) =>
        !TryGet(message, name, out var value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : throw Missing(message, name, "an integer");

    private static double? OptionalDouble(JsonElement message, string name) =>
        !TryGet(message, name, out var value) ? null : value.ValueKind == JsonValueKind.Number ? value.GetDouble() : throw Missing(message, name, "a number");

    private static bool Boolean(JsonElement message, string name) =>
        TryGet(message, name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.ValueKind == JsonValueKind.True
            : throw Missing(message, name, "true or false");

    /// <summary>Whether a field is there and not null.</summary>
    private static bool TryGet(JsonElement message, string name, [NotNullWhen(true)] out JsonElement value) =>
        message.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    private static ProtocolException Missing(JsonElement message, string name, string wanted) =>
        new($"the worker sent a message whose field '{name}' is missing or not {wanted}: {Shown(Encoding.UTF8.GetBytes(message.GetRawText()))}");

    private static string Shown(ReadOnlyMemory<byte> line) =>
        line.Length <= MaxShown ? Encoding.UTF8.GetString(line.Span) : Encoding.UTF8.GetString(line.Span[..MaxShown]) + "…";
}
