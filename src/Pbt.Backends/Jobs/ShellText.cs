namespace Pbt.Backends.Jobs;

/// <summary>Writes words so that a shell reads them as they are.</summary>
/// <remarks>Pure.</remarks>
public static class ShellText
{
    /// <summary>One word, in single quotes.</summary>
    public static string Quote(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>A command line.</summary>
    public static string Quote(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));
}
