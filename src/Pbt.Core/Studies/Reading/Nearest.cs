namespace Pbt.Core.Studies.Reading;

/// <summary>Finds the known word that a misspelt one was meant to be.</summary>
internal static class Nearest
{
    private const int LongestWord = 64;
    private const int LongestList = 400;

    /// <summary>The nearest of the known words, or null if none is near.</summary>
    /// <remarks>By edit distance with swaps of neighbours; up to a third of the word may differ. Ties go to the first.</remarks>
    public static string? To(string word, IEnumerable<string> known)
    {
        if (word.Length is 0 or > LongestWord)
            return null;

        string? nearest = null;
        var best = int.MaxValue;
        foreach (var candidate in known)
        {
            var allowed = Math.Max(1, Math.Max(word.Length, candidate.Length) / 3);
            if (Math.Abs(candidate.Length - word.Length) > allowed)
                continue;

            var distance = Distance(Fold(word), Fold(candidate));
            if (distance <= allowed && distance < best)
                (nearest, best) = (candidate, distance);
        }

        return nearest;
    }

    /// <summary>The end of a message: the nearest word, else all of them.</summary>
    public static string Hint(string word, IReadOnlyCollection<string> known) => To(word, known) is { } near
        ? $"did you mean '{near}'?"
        : $"known: {List(known)}";

    /// <summary>The words of a list, cut where it is long.</summary>
    public static string List(IEnumerable<string> words) => ScalarNode.Shorten(string.Join(", ", words), LongestList);

    private static string Fold(string word) => word.Replace('-', '_').ToLowerInvariant();

    // Optimal string alignment: three rows of the usual table.
    private static int Distance(string a, string b)
    {
        var before = new int[b.Length + 1];
        var previous = new int[b.Length + 1];
        var current = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
            previous[j] = j;

        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitution = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(substitution, Math.Min(previous[j], current[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    current[j] = Math.Min(current[j], before[j - 2] + 1);
            }

            (before, previous, current) = (previous, current, before);
        }

        return previous[b.Length];
    }
}
