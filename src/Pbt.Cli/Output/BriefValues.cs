using Pbt.Core.SearchSpaces;

namespace Pbt.Cli.Output;

/// <summary>Hyperparameters in as few columns as there are.</summary>
internal static class BriefValues
{
    private const int ShortestName = 3;

    /// <summary>
    /// As many as fit, then how many more there are: <c>learning_rate=0.001 +2</c>. A name is cut before its value:
    /// <c>learni…=0.001 +2</c>.
    /// </summary>
    public static string Of(IReadOnlyList<KeyValuePair<string, HyperparameterValue>> values, int room)
    {
        var words = values.Select(static v => $"{v.Key}={Words.Value(v.Value)}").ToList();
        for (var shown = words.Count; shown > 0; shown--)
        {
            var text = string.Join(' ', words.Take(shown)) + More(words.Count - shown);
            if (text.Length <= room)
                return text;
        }

        if (words.Count == 0)
            return string.Empty;

        var tail = $"={Words.Value(values[0].Value)}{More(words.Count - 1)}";
        return Words.Fit(Words.Fit(values[0].Key, Math.Max(ShortestName, room - tail.Length)) + tail, room);
    }

    /// <summary>Those whose values differ from before.</summary>
    public static IReadOnlyList<KeyValuePair<string, HyperparameterValue>> Changed(Hyperparameters before, Hyperparameters after) =>
        [.. after.Where(h => !before.TryGet(h.Key, out var old) || old != h.Value)];

    private static string More(int count) => count == 0 ? string.Empty : $" +{count}";
}
