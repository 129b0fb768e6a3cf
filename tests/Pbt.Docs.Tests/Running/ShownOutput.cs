using System.Text;
using System.Text.RegularExpressions;

namespace Pbt.Docs.Tests.Running;

/// <summary>Output as a page shows it.</summary>
/// <remarks>In a line <c>…</c> stands for any text; as a whole line, for any lines.</remarks>
internal static class ShownOutput
{
    private const string Anything = "…";

    /// <summary>Whether what was printed is what is shown; spaces at the ends of lines do not count.</summary>
    public static bool Fits(string shown, string printed) => Regex.IsMatch(Normal(printed), Pattern(Lines(shown)), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));

    private static string Pattern(IEnumerable<string> lines)
    {
        var pattern = new StringBuilder("^");
        foreach (var line in lines)
            pattern.Append(line == Anything ? "(.*\n)*?" : $"{string.Join(".*", line.Split(Anything).Select(Regex.Escape))}\n");

        return pattern.Append('$').ToString().Replace("\n$", "\n?$", StringComparison.Ordinal);
    }

    private static string Normal(string text) => string.Join('\n', Lines(text)) + "\n";

    private static IEnumerable<string> Lines(string text) => text.TrimEnd().Split('\n').Select(static line => line.TrimEnd());
}
