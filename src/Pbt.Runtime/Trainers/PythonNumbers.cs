using System.Text;

namespace Pbt.Runtime.Trainers;

/// <summary>Makes JSON of what Python writes: <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c> become texts.</summary>
/// <remarks>Reads each character once, whatever the text is.</remarks>
internal static class PythonNumbers
{
    private static readonly string[] Words = ["NaN", "Infinity"];

    /// <summary>The text with those words quoted where they stand outside texts; null if there are none.</summary>
    public static string? Quoted(string json)
    {
        StringBuilder? quoted = null;
        var copied = 0;
        for (var at = 0; at < json.Length; at++)
        {
            if (json[at] == '"')
            {
                at = EndOfText(json, at);
                continue;
            }

            var sign = json[at] == '-' ? 1 : 0;
            if (WordAt(json, at + sign) is not { } word || (at > 0 && IsPartOfWord(json[at - 1])))
                continue;

            var end = at + sign + word.Length;
            quoted ??= new StringBuilder(json.Length + 16);
            quoted.Append(json, copied, at - copied).Append('"').Append(json, at, end - at).Append('"');
            copied = end;
            at = end - 1;
        }

        return quoted?.Append(json, copied, json.Length - copied).ToString();
    }

    private static int EndOfText(string json, int at)
    {
        for (at++; at < json.Length && json[at] != '"'; at++)
        {
            if (json[at] == '\\')
                at++;
        }

        return at;
    }

    private static string? WordAt(string json, int at)
    {
        foreach (var word in Words)
        {
            if (string.CompareOrdinal(json, at, word, 0, word.Length) == 0 && (at + word.Length >= json.Length || !IsPartOfWord(json[at + word.Length])))
                return word;
        }

        return null;
    }

    private static bool IsPartOfWord(char c) => char.IsLetterOrDigit(c) || c is '_' or '-';
}
