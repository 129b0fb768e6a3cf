using System.Globalization;
using System.Text;
using Spectre.Console;

namespace Pbt.Cli.Output;

/// <summary>One line of a terminal: pieces of text with styles, cut at the line's width.</summary>
internal sealed class StyledLine(int width)
{
    private readonly StringBuilder _markup = new();

    private int _length;

    /// <summary>The columns that are still free.</summary>
    public int Free => width - _length;

    /// <summary>Adds a piece of text; what does not fit is cut and ends in <c>…</c>.</summary>
    public StyledLine Add(string text, string? style = null)
    {
        var piece = Cut(Words.OneLine(text), Free);
        _length += WidthOf(piece);
        var escaped = Markup.Escape(piece);
        _markup.Append(style is null || piece.Length == 0 ? escaped : $"[{style}]{escaped}[/]");
        return this;
    }

    /// <summary>Adds a cell of this width, filled up with spaces.</summary>
    public StyledLine Cell(string text, int cell, string? style = null, bool isNumber = false)
    {
        var piece = Cut(Words.OneLine(text), Math.Min(cell, Free));
        var fill = Math.Min(Free, cell) - WidthOf(piece);
        return isNumber ? Space(fill).Add(piece, style) : Add(piece, style).Space(fill);
    }

    /// <summary>Adds spaces.</summary>
    public StyledLine Space(int count)
    {
        var fill = Math.Clamp(count, 0, Free);
        _markup.Append(' ', fill);
        _length += fill;
        return this;
    }

    /// <summary>The line in Spectre's markup.</summary>
    public override string ToString() => _markup.ToString();

    private static string Cut(string text, int columns)
    {
        if (WidthOf(text) <= columns)
            return text;

        var kept = new StringBuilder();
        var used = 1;
        foreach (var rune in text.EnumerateRunes())
        {
            used += WidthOf(rune);
            if (used > columns)
                break;

            kept.Append(rune.ToString());
        }

        return columns < 1 ? string.Empty : kept.Append('…').ToString();
    }

    private static int WidthOf(string text)
    {
        var columns = 0;
        foreach (var rune in text.EnumerateRunes())
            columns += WidthOf(rune);

        return columns;
    }

    /// <summary>The columns of a character; 2 where terminals may disagree, so that a line never wraps.</summary>
    private static int WidthOf(Rune rune) => rune.Value switch
    {
        < 0x0300 => 1,
        < 0x1100 or (>= 0x2000 and < 0x2C00) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark ? 0 : 1,
        _ => 2,
    };
}
