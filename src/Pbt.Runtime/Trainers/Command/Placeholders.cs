using System.Text;

namespace Pbt.Runtime.Trainers.Command;

/// <summary>Fills the placeholders of a command's arguments.</summary>
/// <remarks>Pure. <c>{name}</c> is replaced; <c>{{</c> and <c>}}</c> are braces. The spec's reader has checked the names.</remarks>
public static class Placeholders
{
    /// <summary>The arguments with every placeholder filled; groups in which one is empty are left out.</summary>
    public static IReadOnlyList<string> Fill(IEnumerable<Core.Studies.CommandArgument> arguments, IReadOnlyDictionary<string, string> values)
    {
        var filled = new List<string>();
        foreach (var argument in arguments)
        {
            var isEmpty = false;
            var parts = new List<string>(argument.Parts.Length);
            foreach (var part in argument.Parts)
                parts.Add(Fill(part, values, ref isEmpty));

            if (!argument.Droppable || !isEmpty)
                filled.AddRange(parts);
        }

        return filled;
    }

    /// <summary>The text with every placeholder filled.</summary>
    public static string Fill(string text, IReadOnlyDictionary<string, string> values)
    {
        var isEmpty = false;
        return Fill(text, values, ref isEmpty);
    }

    private static string Fill(string text, IReadOnlyDictionary<string, string> values, ref bool isEmpty)
    {
        if (!text.AsSpan().ContainsAny('{', '}'))
            return text;

        var filled = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '{' or '}' && i + 1 < text.Length && text[i + 1] == c)
            {
                filled.Append(c);
                i++;
            }
            else if (c == '{' && text.IndexOf('}', i) is var end and > 0 && values.TryGetValue(text[(i + 1)..end], out var value))
            {
                isEmpty |= value.Length == 0;
                filled.Append(value);
                i = end;
            }
            else
            {
                filled.Append(c);
            }
        }

        return filled.ToString();
    }
}
