namespace Pbt.Cli.Output;

/// <summary>Fields of CSV.</summary>
internal static class CsvField
{
    /// <summary>The field, in quotes where it needs them.</summary>
    public static string Quoted(string field) =>
        field.AsSpan().ContainsAny(",\"\r\n") ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
}
