namespace Pbt.Cli.Output;

/// <summary>Which news are shown where there is room for a few.</summary>
internal static class RecentNews
{
    /// <summary>The latest, in their order; but the last failure and the last exploits stay in sight, whatever else has come since.</summary>
    public static List<News> Of(IReadOnlyList<News> all, int most)
    {
        if (all.Count <= most)
            return [.. all];

        var kept = new SortedSet<int>(LastOf(NewsKind.Failure, most > 2 ? 1 : 0).Concat(LastOf(NewsKind.Inheritance, most / 2)));
        for (var i = all.Count - 1; kept.Count < most; i--)
            kept.Add(i);

        return [.. kept.Select(i => all[i])];

        IEnumerable<int> LastOf(NewsKind kind, int count) => Enumerable.Range(0, all.Count).Reverse().Where(i => all[i].Kind == kind).Take(count);
    }
}
