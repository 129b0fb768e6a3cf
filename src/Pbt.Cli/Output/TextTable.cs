using System.Text;

namespace Pbt.Cli.Output;

/// <summary>How a column of a table is laid out.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="IsNumber">Whether its cells stand to the right.</param>
internal sealed record Column(string Title, bool IsNumber = false);

/// <summary>A table of plain text: columns side by side, the last one wrapped at words to the width.</summary>
/// <remarks>The same on a terminal and in a pipe.</remarks>
internal sealed class TextTable(params Column[] columns)
{
    private const int Gap = 2;
    private const int NarrowestLast = 16;

    private readonly List<(string[] Cells, Func<int, string>? Last)> _rows = [];

    /// <summary>Adds a row with a cell for each column.</summary>
    public void Add(params string[] cells) => _rows.Add((cells, Last: null));

    /// <summary>Adds a row whose last cell is made for the width that is left for it.</summary>
    public void Add(Func<int, string> last, params string[] cells) => _rows.Add(([.. cells, string.Empty], last));

    /// <summary>The lines of the table, its headings first.</summary>
    public IEnumerable<string> Lines(int width)
    {
        var widths = columns.Select((c, i) => _rows.Select(r => r.Cells[i].Length).Append(c.Title.Length).Max()).ToArray();
        var before = widths[..^1].Sum() + (Gap * (columns.Length - 1));
        var last = Math.Max(NarrowestLast, width - before);
        foreach (var (cells, make) in _rows.Prepend((columns.Select(static c => c.Title).ToArray(), null)))
        {
            foreach (var line in Row(make is null ? cells : [.. cells[..^1], make(last)], widths, before, last))
                yield return line;
        }
    }

    /// <summary>Writes the lines.</summary>
    public void WriteTo(TextWriter writer, int width)
    {
        foreach (var line in Lines(width))
            writer.WriteLine(line);
    }

    /// <summary>Breaks a text at spaces into lines of at most this width; a longer word keeps its own line.</summary>
    public static IReadOnlyList<string> Wrap(string text, int width)
    {
        var lines = new List<string>();
        var line = new StringBuilder();
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                lines.Add(line.ToString());
                line.Clear();
            }

            if (line.Length > 0)
                line.Append(' ');

            line.Append(word);
        }

        lines.Add(line.ToString());
        return lines;
    }

    private IEnumerable<string> Row(string[] cells, int[] widths, int before, int last)
    {
        var line = new StringBuilder();
        for (var i = 0; i < cells.Length - 1; i++)
        {
            line.Append(columns[i].IsNumber ? cells[i].PadLeft(widths[i]) : cells[i].PadRight(widths[i]));
            line.Append(' ', Gap);
        }

        if (columns[^1].IsNumber)
        {
            yield return line.Append(cells[^1].PadLeft(widths[^1])).ToString().TrimEnd();
            yield break;
        }

        var wrapped = Wrap(cells[^1], last);
        yield return line.Append(wrapped[0]).ToString().TrimEnd();
        foreach (var rest in wrapped.Skip(1))
            yield return new string(' ', before) + rest;
    }
}
