using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Pbt.Core.Population;

namespace Pbt.Storage.Journal;

/// <summary>How the events that are not frequent are written and read: generated from their records.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true,
    Converters =
    [
        typeof(MemberIdConverter), typeof(AttemptIdConverter), typeof(WorkerIdConverter), typeof(CheckpointIdConverter), typeof(HyperparametersConverter),
        typeof(StudySpecConverter), typeof(SnakeCaseConverter<FailureKind>), typeof(SnakeCaseConverter<StudyOutcome>),
    ])]
[JsonSerializable(typeof(StudyCreated))]
[JsonSerializable(typeof(MemberCreated))]
[JsonSerializable(typeof(WorkerJoined))]
[JsonSerializable(typeof(WorkerLeft))]
[JsonSerializable(typeof(WorkerLost))]
[JsonSerializable(typeof(AttemptReleased))]
[JsonSerializable(typeof(AttemptFailed))]
[JsonSerializable(typeof(StudyPaused))]
[JsonSerializable(typeof(StudyResumed))]
[JsonSerializable(typeof(StudyStopped))]
[JsonSerializable(typeof(StudyEnded))]
[JsonSerializable(typeof(SpecChanged))]
[JsonSerializable(typeof(CheckpointDamaged))]
[JsonSerializable(typeof(MemberRecovered))]
[JsonSerializable(typeof(MemberRetired))]
[JsonSerializable(typeof(LogRepaired))]
internal sealed partial class JournalJsonContext : JsonSerializerContext;

/// <summary>The generated contracts, with what attributes cannot say.</summary>
internal static class JournalJson
{
    private static readonly JsonSerializerOptions Options = new(JournalJsonContext.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = JournalJsonContext.Default.WithAddedModifier(LetNullsBeAbsent),
    };

    /// <summary>The contract of an event's type.</summary>
    public static JsonTypeInfo Of(Type type) => Options.GetTypeInfo(type);

    // What is null is not written, so it must not be missed in reading.
    private static void LetNullsBeAbsent(JsonTypeInfo info)
    {
        foreach (var property in info.Properties)
        {
            if (property.IsGetNullable)
                property.IsRequired = false;
        }
    }
}
