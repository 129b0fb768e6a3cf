using System.Text.Json;

namespace Pbt.Runtime.Trainers;

/// <summary>Reads one progress report.</summary>
/// <remarks>Pure.</remarks>
internal static class ProgressLine
{
    /// <summary>The longest that is kept, in bytes.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>How much of one attempt's progress is kept, in bytes.</summary>
    public const long MaxBytesOfAttempt = 64L * 1024 * 1024;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = TrainerResultReader.MaxDepth };

    /// <summary>The JSON object, or null if it is none that can be kept.</summary>
    public static JsonElement? Read(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty || line.Length > MaxBytes || line[0] != (byte)'{')
            return null;

        try
        {
            if (!HasWholeTexts(line))
                return null;

            var reader = new Utf8JsonReader(line, Options);
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether no text or name in a line holds half a character, which the parser says only when it is taken.</summary>
    /// <exception cref="JsonException">The line is no JSON.</exception>
    private static bool HasWholeTexts(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line, Options);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                    _ = reader.GetString();
            }

            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
