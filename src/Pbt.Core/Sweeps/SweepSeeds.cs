using System.Collections.Immutable;
using System.Globalization;
using Pbt.Core.Studies.Reading;

namespace Pbt.Core.Sweeps;

/// <summary>Reads <c>seeds</c>.</summary>
internal static class SweepSeeds
{
    private const string Example = "write seeds: 1-5, or a list such as seeds: [1, 2, 7]";

    /// <summary>Reads a range or a list of seeds; empty where there is none.</summary>
    public static ImmutableArray<ulong> Read(SpecValue? value) => value switch
    {
        null => [],
        { Node: ListNode } => List(value),
        { Scalar: { Kind: ScalarKind.Text } text } => Range(value, text.Text),
        _ => value.Expected<ImmutableArray<ulong>?>("a range or a list", Example) ?? [],
    };

    private static ImmutableArray<ulong> List(SpecValue value)
    {
        var items = value.List(Example)!.Value;
        if (items.Length == 0)
            value.Fail($"there are no seeds; {Example}");

        var seen = new HashSet<ulong>();
        foreach (var item in items)
        {
            if (item.Unsigned() is { } seed && !seen.Add(seed))
                item.Fail(string.Create(CultureInfo.InvariantCulture, $"the seed {seed} is listed twice; two runs of one seed are not independent"));
        }

        return [.. seen];
    }

    private static ImmutableArray<ulong> Range(SpecValue value, string text)
    {
        var parts = text.Split('-', StringSplitOptions.TrimEntries);
        if (parts.Length != 2 || !Parse(parts[0], out var first) || !Parse(parts[1], out var last))
        {
            value.Fail($"'{ScalarNode.Shorten(text)}' is no range of seeds; {Example}");
            return [];
        }

        if (first > last)
        {
            value.Fail(string.Create(CultureInfo.InvariantCulture, $"{first} is above {last}; swap them"));
            return [];
        }

        if (last - first >= Sweep.MostRuns)
        {
            value.Fail(string.Create(CultureInfo.InvariantCulture, $"these are more than {Sweep.MostRuns:#,0} seeds, the most runs of a sweep"));
            return [];
        }

        return [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => first + (ulong)i)];
    }

    private static bool Parse(string text, out ulong seed) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seed);
}
