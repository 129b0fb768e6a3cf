namespace Pbt.Storage.FileSystem;

/// <summary>Looks for what another host may just have made.</summary>
public static class RemoteDirectory
{
    /// <summary>Whether a file or directory that was not found is there all the same.</summary>
    /// <remarks>
    /// An NFS client remembers for up to a minute that a name was not there when it was last asked for. Opening the directory
    /// makes it ask the server whether that has changed since. Thread-safe; errors count as not found.
    /// </remarks>
    public static bool HasAfterAll(string path)
    {
        try
        {
            // Above it first: the directory itself may be what was not there.
            if (Path.GetDirectoryName(path) is not { } directory || (!Directory.Exists(directory) && !HasAfterAll(directory)))
                return false;

            using (var entries = Directory.EnumerateFileSystemEntries(directory).GetEnumerator())
                entries.MoveNext();

            return Path.Exists(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
