namespace Pbt.Backends.Jobs;

/// <summary>Writes words so that a shell reads them as they are.</summary>
/// <remarks>Pure.</remarks>
public static class ShellText
{
    private const string Plain = "_-+=./:,@%^";

    /// <summary>One word, in single quotes.</summary>
    public static string Quote(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>A command line.</summary>
    public static string Quote(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    /// <summary>A command line for people, with quotes only where they are needed.</summary>
    public static string CommandLine(IEnumerable<string> words) => string.Join(' ', words.Select((word, i) => IsPlain(word, isFirst: i == 0) ? word : Quote(word)));

    // A first word with '=' would set a variable.
    private static bool IsPlain(string word, bool isFirst) =>
        word.Length > 0 && word.All(static c => char.IsAsciiLetterOrDigit(c) || Plain.Contains(c, StringComparison.Ordinal)) && !(isFirst && word.Contains('=', StringComparison.Ordinal));
}
