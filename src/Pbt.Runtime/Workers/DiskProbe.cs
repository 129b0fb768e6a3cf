using Pbt.Core.Population;
using Pbt.Storage;
using Pbt.Storage.FileSystem;

namespace Pbt.Runtime.Workers;

/// <summary>Tells whether the study's file system works.</summary>
internal static class DiskProbe
{
    private const int Bytes = 64 * 1024;

    /// <summary>Writes, syncs and deletes a file beside an attempt's scratch directory.</summary>
    /// <exception cref="IOException">The file system is full, read-only or out of order.</exception>
    public static void Write(StudyDirectory study, AttemptId attempt)
    {
        // The directory and what is in it are the trainer's: another name than any it has made, and no link followed.
        StudyTree.Make(study, study.Attempts);
        var probe = study.ProbeOf(attempt);
        StudyTree.Delete(probe);
        try
        {
            using var handle = File.OpenHandle(probe, FileMode.CreateNew, FileAccess.Write);
            RandomAccess.Write(handle, new byte[Bytes], fileOffset: 0);
            RandomAccess.FlushToDisk(handle);
        }
        finally
        {
            // A full disk still takes a deletion, and what is left after all is `pbt gc`'s.
            File.Delete(probe);
        }
    }
}
