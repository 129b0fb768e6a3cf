using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Pbt.Chaos.Checks;

/// <summary>A line of a journal whose checksum fits, read from its documentation and not by pbt.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Type">The event's name.</param>
/// <param name="Data">The event.</param>
/// <param name="More">Whether it is not the last of its transaction.</param>
/// <param name="Text">The line as it stands there, without its newline.</param>
internal sealed record JournalLine(long Version, string Type, JsonElement Data, bool More, string Text)
{
    private const string ChecksumKey = ",\"checksum\":\"";

    public int Int(string name) => Data.GetProperty(name).GetInt32();

    public long Long(string name) => Data.GetProperty(name).GetInt64();

    public string String(string name) => Data.GetProperty(name).GetString()!;

    /// <summary>A property, or null where it is absent or null.</summary>
    public JsonElement? Find(string name) =>
        Data.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;

    /// <summary>Reads one; null if it is not one with a fitting checksum.</summary>
    public static JournalLine? Read(ReadOnlySpan<byte> line)
    {
        var text = Encoding.UTF8.GetString(line);
        var at = text.LastIndexOf(ChecksumKey, StringComparison.Ordinal);
        if (at < 0 || text.Length != at + ChecksumKey.Length + 10 || text[^2..] != "\"}")
            return null;

        var before = line[..(line.Length - ChecksumKey.Length - 10)];
        if (text[^10..^2] != Crc32C.Of(before).ToString("x8", CultureInfo.InvariantCulture))
            return null;

        try
        {
            using var json = JsonDocument.Parse(text);
            var root = json.RootElement;
            var more = root.TryGetProperty("more", out var value) && value.GetBoolean();
            return new JournalLine(root.GetProperty("version").GetInt64(), root.GetProperty("type").GetString()!, root.GetProperty("data").Clone(), more, text);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>The line with another version, as one that is not the last of its transaction, or is.</summary>
    public byte[] Rewritten(long version, bool more)
    {
        var begins = Text.IndexOf(',', StringComparison.Ordinal);
        var ends = Text.LastIndexOf(ChecksumKey, StringComparison.Ordinal);
        var middle = Text[begins..ends];
        if (More)
            middle = middle[..^",\"more\":true".Length];

        var before = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"version\":{version}{middle}{(more ? ",\"more\":true" : string.Empty)}"));
        var after = string.Create(CultureInfo.InvariantCulture, $"{ChecksumKey}{Crc32C.Of(before):x8}\"}}\n");
        return [.. before, .. Encoding.UTF8.GetBytes(after)];
    }
}
