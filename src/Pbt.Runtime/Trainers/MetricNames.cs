using System.Globalization;
using System.Text.Json;

namespace Pbt.Runtime.Trainers;

/// <summary>Says which numbers a trainer's result has, the one that was looked for being missing.</summary>
internal static class MetricNames
{
    private const int MostShown = 10;
    private const int MostCollected = 1000;
    private const int LongestName = 60;

    /// <summary>Lists the dotted names of the numbers below an element, at most ten, those most like a name first.</summary>
    /// <param name="element">An object.</param>
    /// <param name="wanted">The name that was looked for.</param>
    /// <param name="prefix">What the names begin with.</param>
    /// <returns>The names in quotes; <c>nothing</c> if there are none.</returns>
    public static string Nearest(JsonElement element, string wanted, string prefix = "")
    {
        var names = new List<string>();
        Collect(element, prefix, names);
        if (names.Count == 0)
            return "nothing";

        var shown = names.OrderByDescending(name => Likeness(name, wanted)).Take(MostShown).Select(static name => $"\"{Shorten(name)}\"");
        var more = names.Count > MostShown ? string.Create(CultureInfo.InvariantCulture, $" and {names.Count - MostShown} more") : string.Empty;
        return string.Join(", ", shown) + more;
    }

    private static void Collect(JsonElement element, string prefix, List<string> names)
    {
        foreach (var property in element.EnumerateObject())
        {
            if (names.Count >= MostCollected)
                return;

            // What stands in metrics is found without that word.
            if (property.Value.ValueKind == JsonValueKind.Object)
                Collect(property.Value, prefix.Length == 0 && property.NameEquals("metrics"u8) ? prefix : prefix + property.Name + ".", names);
            else if (property.Value.ValueKind != JsonValueKind.Array)
                names.Add(prefix + property.Name);
        }
    }

    /// <summary>The part of the neighbouring pairs of characters that two names share, 0 … 1 (Dice 1945).</summary>
    private static double Likeness(string name, string wanted)
    {
        var pairs = Pairs(wanted);
        var count = pairs.Count;
        var own = Pairs(name);
        var shared = own.Count(pairs.Remove);
        return own.Count + count == 0 ? 0 : 2.0 * shared / (own.Count + count);
    }

    private static List<string> Pairs(string name)
    {
        var text = Shorten(name).ToLowerInvariant();
        return [.. Enumerable.Range(0, Math.Max(0, text.Length - 1)).Select(at => text.Substring(at, 2))];
    }

    private static string Shorten(string text) => text.Length <= LongestName ? text : text[..(LongestName - 3)] + "...";
}
