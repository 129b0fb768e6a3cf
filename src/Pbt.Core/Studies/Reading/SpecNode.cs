using System.Collections.Immutable;
using System.Text;

namespace Pbt.Core.Studies.Reading;

/// <summary>Where something stands in the spec: line and column, each from 1.</summary>
internal readonly record struct SourcePosition(int Line, int Column);

/// <summary>A piece of the spec as written: a scalar, a list or a mapping.</summary>
internal abstract class SpecNode(SourcePosition at)
{
    /// <summary>Where it begins.</summary>
    public SourcePosition At { get; } = at;

    /// <summary>What was found, for messages: <c>the text 'many'</c>.</summary>
    public abstract string Describe();
}

/// <summary>What a scalar is by the YAML 1.2 core schema; a quoted one is always a text.</summary>
internal enum ScalarKind
{
    /// <summary>Nothing, <c>~</c> or <c>null</c>.</summary>
    Nothing,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Bool,

    /// <summary>Decimal digits, with or without a sign.</summary>
    Integer,

    /// <summary>A decimal number with a point or an exponent.</summary>
    Number,

    /// <summary><c>.nan</c> or <c>.inf</c>.</summary>
    NotFinite,

    /// <summary>Anything else.</summary>
    Text,
}

/// <summary>A single value.</summary>
internal sealed class ScalarNode(SourcePosition at, string text, bool quoted) : SpecNode(at)
{
    private const int LongestShown = 60;

    /// <summary>The text, without quotes and escapes.</summary>
    public string Text { get; } = text;

    /// <summary>What it is.</summary>
    public ScalarKind Kind { get; } = quoted ? ScalarKind.Text : KindOf(text);

    /// <inheritdoc/>
    public override string Describe() => Kind switch
    {
        ScalarKind.Nothing => "nothing",
        ScalarKind.Bool => Text,
        ScalarKind.Integer => $"the integer {Shorten(Text)}",
        ScalarKind.Number or ScalarKind.NotFinite => $"the number {Shorten(Text)}",
        _ => $"the text '{Shorten(Text)}'",
    };

    /// <summary>The same value without a place.</summary>
    public ScalarNode Unplaced() => new(default, Text, quoted: Kind == ScalarKind.Text);

    /// <summary>A text as a message shows it: cut where long, without control characters.</summary>
    public static string Shorten(string text, int most = LongestShown)
    {
        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length >= most)
                return shown.Append('…').ToString();

            if (Rune.IsControl(rune))
                shown.Append('\\').Append(rune.Value switch { '\n' => "n", '\t' => "t", '\r' => "r", var v => $"x{v:X2}" });
            else
                shown.Append(rune);
        }

        return shown.ToString();
    }

    private static ScalarKind KindOf(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => ScalarKind.Nothing,
        "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => ScalarKind.Bool,
        ".nan" or ".NaN" or ".NAN" => ScalarKind.NotFinite,
        _ when text.TrimStart('-', '+') is ".inf" or ".Inf" or ".INF" => ScalarKind.NotFinite,
        _ => NumberKindOf(text),
    };

    private static ScalarKind NumberKindOf(string text)
    {
        var at = text[0] is '-' or '+' ? 1 : 0;
        var whole = Digits(text, ref at);
        if (at == text.Length)
            return whole > 0 ? ScalarKind.Integer : ScalarKind.Text;

        var fraction = 0;
        if (text[at] == '.')
        {
            at++;
            fraction = Digits(text, ref at);
        }

        if (whole + fraction == 0)
            return ScalarKind.Text;

        if (at < text.Length && (text[at] is 'e' or 'E'))
        {
            at++;
            if (at < text.Length && (text[at] is '-' or '+'))
                at++;
            if (Digits(text, ref at) == 0)
                return ScalarKind.Text;
        }

        return at == text.Length ? ScalarKind.Number : ScalarKind.Text;
    }

    private static int Digits(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
            at++;

        return at - start;
    }
}

/// <summary>A list of nodes.</summary>
internal sealed class ListNode(SourcePosition at, ImmutableArray<SpecNode> items) : SpecNode(at)
{
    /// <summary>The items, in the order written.</summary>
    public ImmutableArray<SpecNode> Items { get; } = items;

    /// <inheritdoc/>
    public override string Describe() => "a list";
}

/// <summary>One key of a mapping and its value.</summary>
internal readonly record struct MappingEntry(string Key, SourcePosition KeyAt, SpecNode Value);

/// <summary>Keys and values.</summary>
internal sealed class MappingNode(SourcePosition at, ImmutableArray<MappingEntry> entries) : SpecNode(at)
{
    /// <summary>The entries, in the order written; keys may occur twice.</summary>
    public ImmutableArray<MappingEntry> Entries { get; } = entries;

    /// <inheritdoc/>
    public override string Describe() => "a mapping";
}
