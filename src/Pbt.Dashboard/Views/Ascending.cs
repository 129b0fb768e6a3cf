namespace Pbt.Dashboard.Views;

/// <summary>Searches lists whose entries are in the order of the log.</summary>
internal static class Ascending
{
    /// <summary>The index of the first entry whose key is above a version; the count if there is none.</summary>
    public static int FirstAfter<T>(IReadOnlyList<T> entries, Func<T, long> versionOf, long version)
    {
        var (low, high) = (0, entries.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (versionOf(entries[middle]) > version)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }
}
