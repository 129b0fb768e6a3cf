using System.Text.Json;
using Pbt.Core.Population;
using Pbt.Storage;
using Pbt.Storage.FileSystem;

namespace Pbt.Cli.Exports;

/// <summary>What trainers reported inside intervals, as a table.</summary>
internal static class ProgressTable
{
    /// <summary>The lines of all members' files; a line that is no JSON object is left out and told.</summary>
    /// <param name="study">Where the files are.</param>
    /// <param name="members">How many members there are.</param>
    /// <param name="tell">Takes what is wrong with a line, in words, once for each.</param>
    public static ExportTable Of(StudyDirectory study, int members, Action<string> tell)
    {
        var told = new HashSet<string>(StringComparer.Ordinal);
        return new ExportTable("progress", Enumerable.Range(0, members).SelectMany(member => RowsOf(study, new MemberId(member), Once)));

        void Once(string said)
        {
            if (told.Add(said))
                tell(said);
        }
    }

    private static IEnumerable<Action<Utf8JsonWriter>> RowsOf(StudyDirectory study, MemberId member, Action<string> tell)
    {
        var path = study.MetricsOf(member);
        using var file = UntrustedFile.TryOpen(path, out var kind);
        if (file is null)
        {
            if (kind != FileKind.Missing)
                tell($"{path} is {FileKinds.Describe(kind)} and is left out");

            yield break;
        }

        using var reader = new StreamReader(new FileStream(file, FileAccess.Read));
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (Parse(line) is { } row)
                yield return writer => Write(writer, member, row);
            else
                tell(FormattableString.Invariant($"{path} line {number} is no JSON object and is left out"));
        }
    }

    private static JsonElement? Parse(string line)
    {
        try
        {
            var row = JsonElement.Parse(line);
            return row.ValueKind == JsonValueKind.Object ? row : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Write(Utf8JsonWriter writer, MemberId member, JsonElement row)
    {
        writer.WriteNumber("member", member.Value);
        foreach (var property in row.EnumerateObject())
        {
            if (!property.NameEquals("member"u8))
                property.WriteTo(writer);
        }
    }
}
