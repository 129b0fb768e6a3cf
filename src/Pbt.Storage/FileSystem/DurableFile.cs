using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pbt.Storage.FileSystem;

/// <summary>Makes what was written to the file system survive a power failure.</summary>
internal static partial class DurableFile
{
    // The same on every processor; O_DIRECTORY is not, and is not needed.
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;

    // Beyond that they only wait for one another.
    private const int MostAtOnce = 8;

    /// <summary>Syncs a directory: the names in it.</summary>
    /// <exception cref="IOException">It could not be opened or synced.</exception>
    public static void SyncDirectory(string path)
    {
        if (OperatingSystem.IsLinux())
            Sync(path, flags: 0);
    }

    /// <summary>Syncs files and directories, all at once where it can be: each waits for the disk, and the disk then writes them together.</summary>
    /// <param name="files">Files that are to be synced; one that became a link is an error.</param>
    /// <param name="directories">Directories, of which the names in them are to be synced.</param>
    /// <exception cref="IOException">One could not be opened or synced; the others may not have been, either.</exception>
    public static void SyncAll(IReadOnlyCollection<string> files, IReadOnlyCollection<string> directories)
    {
        try
        {
            Parallel.ForEach(
                files.Select(static file => (Path: file, IsFile: true)).Concat(directories.Select(static directory => (Path: directory, IsFile: false))),
                new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce },
                static it =>
                {
                    if (it.IsFile)
                        SyncFile(it.Path);
                    else
                        SyncDirectory(it.Path);
                });
        }
        catch (AggregateException error)
        {
            ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }
    }

    /// <summary>Writes a whole new file, in place of whatever is there, which is not yet synced; a link is replaced, not followed.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        StudyTree.Delete(path);
        using var handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        RandomAccess.Write(handle, content, fileOffset: 0);
    }

    /// <summary>Writes a whole file so that it is seen either as it was or as it is now, and syncs it.</summary>
    /// <remarks>What a crash left at its temporary name is removed first; a link that a trainer put there is not followed.</remarks>
    public static void WriteAtomically(string path, ReadOnlySpan<byte> content)
    {
        var temporary = path + ".tmp";
        StudyTree.Delete(temporary);
        using (var handle = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.Read))
        {
            RandomAccess.Write(handle, content, fileOffset: 0);
            RandomAccess.FlushToDisk(handle);
        }

        File.Move(temporary, path, overwrite: true);
        SyncDirectory(Path.GetDirectoryName(path)!);
    }

    private static void SyncFile(string path)
    {
        if (OperatingSystem.IsLinux())
        {
            Sync(path, UntrustedFile.NoFollow | NonBlocking);
            return;
        }

        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        RandomAccess.FlushToDisk(handle);
    }

    private static void Sync(string path, int flags)
    {
        using var handle = new SafeFileHandle(Open(path, CloseOnExec | flags), ownsHandle: true);
        if (handle.IsInvalid || FSync(handle) != 0)
            throw new IOException($"{path} could not be synced: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle handle);
}
