using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pbt.Cli.Output;

namespace Pbt.Cli.Exports;

/// <summary>Writes tables as files.</summary>
internal static class TableFiles
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a JSON object a line, and returns how many.</summary>
    public static int WriteJsonLines(Stream output, ExportTable table)
    {
        var rows = 0;
        foreach (var row in Rows(table))
        {
            output.Write(row.Span);
            output.WriteByte((byte)'\n');
            rows++;
        }

        return rows;
    }

    /// <summary>Writes a heading and a line for each row, and returns how many rows.</summary>
    /// <remarks>
    /// The columns are all that some row has, in the order in which they first occur; those of an object's properties are
    /// named <c>object.property</c>. A list is its JSON; what a row does not have, or has as null, is an empty field.
    /// A table without rows is an empty file.
    /// </remarks>
    public static int WriteCsv(Stream output, ExportTable table)
    {
        var columns = new OrderedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in Rows(table))
            Visit(row, (name, _) => columns.TryAdd(name, columns.Count));

        using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
        if (columns.Count > 0)
            writer.WriteLine(string.Join(',', columns.Keys.Select(CsvField.Quoted)));

        var rows = 0;
        var fields = new string[columns.Count];
        foreach (var row in Rows(table))
        {
            Array.Fill(fields, string.Empty);

            // A file that a trainer still writes may have grown since the columns were counted.
            Visit(row, (name, text) =>
            {
                if (columns.TryGetValue(name, out var column))
                    fields[column] = CsvField.Quoted(text);
            });
            writer.WriteLine(string.Join(',', fields));
            rows++;
        }

        return rows;
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Rows(ExportTable table)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, Options);
        foreach (var write in table.Rows)
        {
            buffer.ResetWrittenCount();
            writer.Reset();
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
            writer.Flush();
            yield return buffer.WrittenMemory;
        }
    }

    private static void Visit(ReadOnlyMemory<byte> row, Action<string, string> field)
    {
        using var document = JsonDocument.Parse(row);
        Visit(document.RootElement, string.Empty, field);
    }

    private static void Visit(JsonElement element, string prefix, Action<string, string> field)
    {
        foreach (var property in element.EnumerateObject())
        {
            var name = prefix + property.Name;
            if (property.Value.ValueKind == JsonValueKind.Object)
                Visit(property.Value, name + ".", field);
            else
                field(name, property.Value.ValueKind switch
                {
                    JsonValueKind.Null => string.Empty,
                    JsonValueKind.String => property.Value.GetString()!,
                    _ => property.Value.GetRawText(),
                });
        }
    }
}
