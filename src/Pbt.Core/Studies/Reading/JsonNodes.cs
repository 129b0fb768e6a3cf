using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Pbt.Core.Studies.Reading;

/// <summary>Parses JSON into the nodes that YAML would give.</summary>
/// <remarks>
/// JSON is almost a subset of YAML; this reader is for the rest: raw U+0085 and U+2028 in a text, keys over 1024
/// characters, tabs between tokens. A text which is no JSON is left to <see cref="YamlNodes"/>, with its better messages.
/// </remarks>
internal static class JsonNodes
{
    /// <summary>Parses the text, or returns null if it is no JSON object.</summary>
    public static SpecNode? TryParse(string text)
    {
        if (!text.AsSpan().TrimStart().StartsWith("{"))
            return null;

        var bytes = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = SpecReader.MaxDepth });
        var position = new Positions(bytes);
        try
        {
            reader.Read();
            var root = ReadNode(ref reader, position);
            return reader.Read() ? null : root;
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            // An unpaired surrogate in an escape.
            return null;
        }
    }

    private static SpecNode ReadNode(ref Utf8JsonReader reader, Positions positions)
    {
        var at = positions.Of(reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var entries = ImmutableArray.CreateBuilder<MappingEntry>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var keyAt = positions.Of(reader.TokenStartIndex);
                    var key = reader.GetString()!;
                    reader.Read();
                    entries.Add(new(key, keyAt, ReadNode(ref reader, positions)));
                }

                return new MappingNode(at, entries.ToImmutable());

            case JsonTokenType.StartArray:
                var items = ImmutableArray.CreateBuilder<SpecNode>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    items.Add(ReadNode(ref reader, positions));

                return new ListNode(at, items.ToImmutable());

            case JsonTokenType.String:
                return new ScalarNode(at, reader.GetString()!, quoted: true);

            default:
                return new ScalarNode(at, Encoding.UTF8.GetString(reader.ValueSpan), quoted: false);
        }
    }

    // Tokens come in order, so each line is counted once.
    private sealed class Positions(byte[] bytes)
    {
        private int _at;
        private int _line = 1;
        private int _lineStart;

        public SourcePosition Of(long index)
        {
            for (; _at < index; _at++)
            {
                if (bytes[_at] == '\n')
                {
                    _line++;
                    _lineStart = _at + 1;
                }
            }

            // A long line (the canonical form is one) is counted in bytes: a column of characters would cost its square.
            return new(_line, _at - _lineStart + 1);
        }
    }
}
