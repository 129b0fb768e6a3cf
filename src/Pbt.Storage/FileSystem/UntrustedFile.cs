using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pbt.Storage.FileSystem;

/// <summary>Opens files at paths where a trainer may have put something else.</summary>
/// <remarks>
/// A trainer may write where pbt reads and writes for it. So a link is not followed, a pipe does not hold the reader up, and
/// a device is not read (where there is no Linux, as far as .NET can tell them apart). Only the last part of the path is
/// guarded: <see cref="StudyTree"/> guards the directories. Stateless.
/// </remarks>
public static partial class UntrustedFile
{
    private const int ReadOnly = 0;
    private const int WriteOnly = 1;
    private const int ReadAndWrite = 2;
    private const int Create = 0x40;
    private const int AppendOnly = 0x400;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int SetStatusFlags = 4;
    private const int NotPermitted = 1;
    private const int AccessDenied = 13;
    private const uint Mode = 0b110_110_110;

    /// <summary>The flag of <c>open</c> that refuses a link; 0 where this is not Linux.</summary>
    internal static readonly int NoFollow = !OperatingSystem.IsLinux() ? 0 : RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.Arm or Architecture.Arm64 or Architecture.Ppc64le => 0x8000,
        _ => 0x20000,
    };

    /// <summary>Opens a regular file to read it; null, and what is there instead, if there is none that may be read.</summary>
    /// <exception cref="IOException">The system failed.</exception>
    public static SafeFileHandle? TryOpen(string path, out FileKind kind)
    {
        kind = FileKinds.Of(path);
        if (kind != FileKind.File)
            return null;

        try
        {
            var handle = Open(path, ReadOnly, FileMode.Open, FileAccess.Read);
            kind = FileKinds.Of(handle);
            if (kind == FileKind.File)
                return handle;

            handle.Dispose();
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            kind = FileKind.Unreadable;
            return null;
        }
        catch (IOException)
        {
            // It may have become something else since it was looked at.
            kind = FileKinds.Of(path);
            if (kind == FileKind.File)
                throw;

            return null;
        }
    }

    /// <summary>Opens a regular file to write it, and makes it where it is missing, with the user's umask.</summary>
    /// <param name="path">Where.</param>
    /// <param name="append">Whether everything is written at the file's end.</param>
    /// <exception cref="UnauthorizedAccessException">The user may not.</exception>
    /// <exception cref="IOException">It cannot be opened, or something else is there.</exception>
    public static SafeFileHandle OpenToWrite(string path, bool append) => OpenOrCreate(path, WriteOnly | (append ? AppendOnly : 0), FileAccess.Write);

    /// <summary>Opens a regular file to read and write it; else as <see cref="OpenToWrite"/>.</summary>
    /// <exception cref="UnauthorizedAccessException">The user may not.</exception>
    /// <exception cref="IOException">It cannot be opened, or something else is there.</exception>
    public static SafeFileHandle OpenToReadAndWrite(string path) => OpenOrCreate(path, ReadAndWrite, FileAccess.ReadWrite);

    /// <summary>Reads at most so many bytes of an open file, from an offset.</summary>
    /// <exception cref="IOException">It could not be read.</exception>
    public static byte[] Read(SafeFileHandle file, long offset, int most)
    {
        var bytes = new byte[(int)Math.Clamp(RandomAccess.GetLength(file) - offset, 0, most)];
        var done = 0;
        while (done < bytes.Length && RandomAccess.Read(file, bytes.AsSpan(done), offset + done) is > 0 and var read)
            done += read;

        return done == bytes.Length ? bytes : bytes[..done];
    }

    /// <summary>Removes whatever is no regular file at a path: a link itself, a pipe, a directory with all that is in it.</summary>
    /// <exception cref="IOException">It could not be removed.</exception>
    public static void Clear(string path)
    {
        if (FileKinds.Of(path) is FileKind.Link or FileKind.Special or FileKind.Directory)
            StudyTree.Delete(path);
    }

    private static SafeFileHandle OpenOrCreate(string path, int flags, FileAccess access)
    {
        if (FileKinds.Of(path) is not (FileKind.File or FileKind.Missing) and var kind)
            throw new IOException($"{path} is {FileKinds.Describe(kind)}, where pbt writes a file of its own: remove it");

        var handle = Open(path, flags | Create, FileMode.OpenOrCreate, access);
        if (FileKinds.Of(handle) == FileKind.File)
            return handle;

        handle.Dispose();
        throw new IOException($"{path} has become something else than a file of pbt's own: remove it");
    }

    private static SafeFileHandle Open(string path, int flags, FileMode mode, FileAccess access)
    {
        if (!OperatingSystem.IsLinux())
            return File.OpenHandle(path, mode, access, FileShare.ReadWrite | FileShare.Delete);

        var descriptor = OpenFile(path, flags | NoFollow | NonBlocking | CloseOnExec, Mode);
        if (descriptor < 0)
        {
            var message = $"{path} could not be opened: {Marshal.GetLastPInvokeErrorMessage()}";
            throw Marshal.GetLastPInvokeError() is NotPermitted or AccessDenied ? new UnauthorizedAccessException(message) : new IOException(message);
        }

        // Only the opening must not wait.
        _ = Control(descriptor, SetStatusFlags, flags & AppendOnly);
        return new SafeFileHandle(descriptor, ownsHandle: true);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command, int argument);
}
