using Pbt.Storage.FileSystem;

namespace Pbt.Storage.Checkpoints;

/// <summary>Follows a symbolic link of a checkpoint by looking, as the system would by going.</summary>
internal static class LinkTarget
{
    // As many as Linux follows.
    private const int MostLinks = 40;

    /// <summary>Whether a link leads to a place below the directory, also by way of other links; what it leads to need not exist.</summary>
    /// <param name="directory">The checkpoint's directory: absolute, no link itself.</param>
    /// <param name="link">The link's path, below the directory.</param>
    /// <param name="target">As it stands in the link.</param>
    public static bool IsInside(string directory, string link, string target)
    {
        if (Path.IsPathRooted(target))
            return false;

        var place = new List<string>(Parts(Path.GetRelativePath(directory, Path.GetDirectoryName(link)!)));
        var left = new Stack<string>(Parts(target).Reverse());
        var followed = 0;
        while (left.TryPop(out var part))
        {
            if (part is "..")
            {
                if (place.Count == 0)
                    return false;

                place.RemoveAt(place.Count - 1);
                continue;
            }

            place.Add(part);
            var path = Path.Combine([directory, .. place]);
            if (FileKinds.Of(path) != FileKind.Link)
                continue;

            // A loop leads nowhere, so not outside either.
            if (++followed > MostLinks)
                return true;

            if (new FileInfo(path).LinkTarget is not { } next || Path.IsPathRooted(next))
                return false;

            place.RemoveAt(place.Count - 1);
            foreach (var further in Parts(next).Reverse())
                left.Push(further);
        }

        return place.Count > 0;
    }

    private static IEnumerable<string> Parts(string path) => path.Split('/').Where(static part => part is not ("" or "."));
}
