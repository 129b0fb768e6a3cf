using System.Text.Json;
using Pbt.Core.Population;

namespace Pbt.Storage.Journal;

/// <summary>An event as the JSON object <c>data</c> of its line.</summary>
internal static class EventJson
{
    public static void Write(Utf8JsonWriter json, StudyEvent happened)
    {
        switch (happened)
        {
            case AttemptStarted e:
                FrequentEvents.Write(json, e);
                break;
            case IntervalCompleted e:
                FrequentEvents.Write(json, e);
                break;
            case MemberDecided e:
                FrequentEvents.Write(json, e);
                break;
            default:
                JsonSerializer.Serialize(json, happened, JournalJson.Of(happened.GetType()));
                break;
        }
    }

    /// <summary>Reads the object that the reader is to come to next, and stands on its end.</summary>
    /// <exception cref="JsonException">It is not such an event.</exception>
    public static StudyEvent Read(ref Utf8JsonReader json, Type type, TextPool pool)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            throw new JsonException("An event's data is an object.");

        if (type == typeof(AttemptStarted))
            return FrequentEvents.ReadAttemptStarted(ref json, pool);

        if (type == typeof(IntervalCompleted))
            return FrequentEvents.ReadIntervalCompleted(ref json, pool);

        if (type == typeof(MemberDecided))
            return FrequentEvents.ReadMemberDecided(ref json, pool);

        if (type == typeof(StudyCreated))
            RefuseNewerFormat(json);

        return (StudyEvent)JsonSerializer.Deserialize(ref json, JournalJson.Of(type))!;
    }

    // By value: looks ahead without moving the reader. Before the rest, since a newer format's spec need not be readable.
    private static void RefuseNewerFormat(Utf8JsonReader json)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isFormat = json.ValueTextEquals("format"u8);
            json.Read();
            if (isFormat && json.GetInt64() is > StudyCreated.CurrentFormat and var format)
                throw new NewerJournalException($"its format is {format}, and this pbt knows formats up to {StudyCreated.CurrentFormat}");

            json.Skip();
        }
    }
}

/// <summary>A line is whole, and its writer was a newer pbt.</summary>
internal sealed class NewerJournalException(string message) : Exception(message);
