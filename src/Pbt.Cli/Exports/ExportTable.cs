using System.Text.Json;

namespace Pbt.Cli.Exports;

/// <summary>A table of an export: each row is the inside of a JSON object.</summary>
/// <param name="Name">Its name, which its file has too.</param>
/// <param name="Rows">Write a row's properties each; enumerated once for each pass over them.</param>
internal sealed record ExportTable(string Name, IEnumerable<Action<Utf8JsonWriter>> Rows);
