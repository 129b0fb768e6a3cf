using System.Text.Json;

namespace Pbt.Harness;

/// <summary>A line of the journal.</summary>
public sealed record JournalEntry(JsonElement Line)
{
    public long Version => Line.GetProperty("version").GetInt64();

    public string Type => Line.GetProperty("type").GetString()!;

    public JsonElement Data => Line.GetProperty("data");

    public string Text(string name) => Data.GetProperty(name).GetString()!;

    public int Number(string name) => Data.GetProperty(name).GetInt32();
}
