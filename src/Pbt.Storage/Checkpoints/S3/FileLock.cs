using Pbt.Storage.FileSystem;

namespace Pbt.Storage.Checkpoints.S3;

/// <summary>Locks on files of a local disk, among all threads and processes; each ends when its stream is disposed of, or with its process.</summary>
internal static class FileLock
{
    // What the system says where another has the lock.
    private const int WouldBlock = 11;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until nobody else has the lock, and takes it; the file is made.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static async Task<FileStream> TakeAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryTake(path) is { } taken)
                return taken;

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    /// <summary>Takes a lock for oneself; null if somebody has it. The file is made.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static FileStream? TryTake(string path)
    {
        UntrustedFile.OpenToWrite(path, append: true).Dispose();
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (IOException error) when (error.HResult == WouldBlock)
        {
            return null;
        }
    }

    /// <summary>Takes a lock that any number may share; who takes it for oneself must not be at it.</summary>
    /// <exception cref="IOException">It cannot be made, or somebody has it alone.</exception>
    public static FileStream Share(string path)
    {
        UntrustedFile.OpenToWrite(path, append: true).Dispose();
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
    }
}
