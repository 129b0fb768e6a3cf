using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pbt.Storage.FileSystem;

/// <summary>Makes what was written to the file system survive a power failure.</summary>
internal static partial class DurableFile
{
    // The same on every processor; O_DIRECTORY is not, and is not needed.
    private const int CloseOnExec = 0x80000;

    /// <summary>Syncs a directory: the names in it.</summary>
    /// <exception cref="IOException">It could not be opened or synced.</exception>
    public static void SyncDirectory(string path)
    {
        if (!OperatingSystem.IsLinux())
            return;

        using var handle = new SafeFileHandle(Open(path, CloseOnExec), ownsHandle: true);
        if (handle.IsInvalid || FSync(handle) != 0)
            throw new IOException($"The directory {path} could not be synced: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    /// <summary>Writes a whole new file, in place of whatever is there, which is not yet synced; a link is replaced, not followed.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        StudyTree.Delete(path);
        using var handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        RandomAccess.Write(handle, content, fileOffset: 0);
    }

    /// <summary>Syncs a file.</summary>
    /// <exception cref="IOException">It could not be opened or synced.</exception>
    public static void SyncFile(string path)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        RandomAccess.FlushToDisk(handle);
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

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle handle);
}
