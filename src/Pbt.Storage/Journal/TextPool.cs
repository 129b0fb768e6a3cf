using System.Text.Json;

namespace Pbt.Storage.Journal;

/// <summary>Keeps the texts that recur in a journal, such as names, so that each is one object.</summary>
/// <remarks>Not thread-safe; small: a text that does not recur soon is made anew.</remarks>
internal sealed class TextPool
{
    private readonly string?[] _texts = new string?[128];

    /// <summary>The text of the reader's token.</summary>
    public string Get(ref Utf8JsonReader json)
    {
        if (json.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName))
            throw new JsonException($"Expected a text, found {json.TokenType}.");

        var bytes = json.ValueSpan;
        if (bytes.Length is 0 or > 64)
            return json.GetString()!;

        ref var place = ref _texts[((bytes.Length * 31) + (bytes[0] * 7) + (bytes[^1] * 13) + (bytes[bytes.Length / 2] * 3)) & 127];
        if (place is null || !json.ValueTextEquals(place))
            place = json.GetString()!;

        return place;
    }
}
