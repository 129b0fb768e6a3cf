using System.Text.Json;
using System.Text.Json.Serialization;
using Pbt.Core.Population;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Storage.Journal;

/// <summary>A member as its number.</summary>
internal sealed class MemberIdConverter : JsonConverter<MemberId>
{
    public override MemberId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt32());

    public override void Write(Utf8JsonWriter writer, MemberId value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
}

/// <summary>An attempt as its number.</summary>
internal sealed class AttemptIdConverter : JsonConverter<AttemptId>
{
    public override AttemptId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, AttemptId value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
}

/// <summary>A worker as its name.</summary>
internal sealed class WorkerIdConverter : JsonConverter<WorkerId>
{
    public override WorkerId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(reader.GetString() ?? throw new JsonException("A worker has a name."));

    public override void Write(Utf8JsonWriter writer, WorkerId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}

/// <summary>A checkpoint as its path.</summary>
internal sealed class CheckpointIdConverter : JsonConverter<CheckpointId>
{
    public override CheckpointId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => CheckpointIdText.Read(reader.ValueSpan);

    public override void Write(Utf8JsonWriter writer, CheckpointId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

/// <summary>Hyperparameters as an object in their order.</summary>
internal sealed class HyperparametersConverter : JsonConverter<Hyperparameters>
{
    public override Hyperparameters Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        HyperparametersReader.Read(ref reader, new TextPool());

    public override void Write(Utf8JsonWriter writer, Hyperparameters value, JsonSerializerOptions options) =>
        HyperparametersJson.Write(writer, value);
}

/// <summary>A spec as its canonical JSON, nested.</summary>
internal sealed class StudySpecConverter : JsonConverter<StudySpec>
{
    public override StudySpec Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var json = JsonDocument.ParseValue(ref reader);

        // Paths in a canonical spec are absolute: the folder that others would be relative to is never used.
        return SpecReader.Read(json.RootElement.GetRawText(), "journal", "/") switch
        {
            SpecResult.Valid valid => valid.Spec,
            SpecResult.Invalid invalid => throw new JsonException($"its spec is not one that this pbt accepts: {invalid.Errors[0]}"),
            _ => throw new NotSupportedException(),
        };
    }

    public override void Write(Utf8JsonWriter writer, StudySpec value, JsonSerializerOptions options) =>
        writer.WriteRawValue(SpecWriter.ToJson(value), skipInputValidation: true);
}

/// <summary>An enumeration's value as a word: <c>timed_out</c>.</summary>
internal sealed class SnakeCaseConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
