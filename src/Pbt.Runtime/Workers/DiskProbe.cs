namespace Pbt.Runtime.Workers;

/// <summary>Tells whether the study's file system works.</summary>
internal static class DiskProbe
{
    private const int Bytes = 64 * 1024;

    /// <summary>Writes, syncs and deletes a file in a directory, which is made if it is missing.</summary>
    /// <exception cref="IOException">The file system is full, read-only or out of order.</exception>
    public static void Write(string directory)
    {
        var probe = Path.Combine(Directory.CreateDirectory(directory).FullName, "probe");
        using (var handle = File.OpenHandle(probe, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(handle, new byte[Bytes], fileOffset: 0);
            RandomAccess.FlushToDisk(handle);
        }

        File.Delete(probe);
    }
}
