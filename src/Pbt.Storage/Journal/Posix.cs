using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Pbt.Storage.FileSystem;

namespace Pbt.Storage.Journal;

/// <summary>The system calls of the journal that .NET does not offer as they are needed.</summary>
/// <remarks>
/// .NET's own file streams take a <c>flock</c> that NFS turns into a byte-range lock, which would collide with ours; its
/// flush is <c>fsync</c>, and its errors lose the number that tells a full disk from a broken one.
/// </remarks>
internal static partial class Posix
{
    public const int ReadOnly = 0;
    public const int ReadWrite = 2;

    public const int NotPermitted = 1;
    public const int NoSuchFile = 2;
    public const int Interrupted = 4;
    public const int InputOutputError = 5;
    public const int BadDescriptor = 9;
    public const int AccessDenied = 13;
    public const int InvalidArgument = 22;
    public const int NoSpace = 28;
    public const int ReadOnlyFileSystem = 30;
    public const int NotImplemented = 38;
    public const int IsLink = 40;
    public const int NotSupported = 95;
    public const int StaleFile = 116;
    public const int QuotaExceeded = 122;

    private const string Library = "libc";
    private const int SetFlags = 4;
    private const int SetOpenFileLock = 37;
    private const int SetOpenFileLockAndWait = 38;
    private const int SharedFlock = 1;
    private const int ExclusiveFlock = 2;
    private const int DoNotWait = 4;
    private const int ReleaseFlock = 8;
    private const int AtCurrentDirectory = -100;
    private const int AtEmptyPath = 0x1000;
    private const uint StatLinks = 0x4;
    private const uint StatInode = 0x100;
    private const int FileSystemStatusSize = 256;
    private const nint NetworkFileSystem = 0x6969;

    /// <summary>For <see cref="Open"/>: a pipe is opened without waiting for somebody at its other end.</summary>
    public static readonly int NonBlocking = OperatingSystem.IsMacOS() ? 0x4 : 0x800;

    private static readonly int CloseOnExec = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;

    // O_DIRECT, which differs between processors.
    private static readonly int Direct = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.Arm or Architecture.Arm64 or Architecture.Armv6 => 0x10000,
        Architecture.Ppc64le => 0x20000,
        _ => 0x4000,
    };

    /// <summary>What a lock is to become.</summary>
    public enum LockKind : short
    {
        Shared = 0,
        Exclusive = 1,
        None = 2,
    }

    /// <summary>The number of the calling thread's last failed call.</summary>
    public static int LastError => Marshal.GetLastPInvokeError();

    /// <summary>Opens an existing file, no link to one; an invalid handle and <see cref="LastError"/> if that fails.</summary>
    public static SafeFileHandle Open(string path, int access) => new(OpenFile(path, access | CloseOnExec | UntrustedFile.NoFollow), ownsHandle: true);

    /// <summary>Takes an exclusive lock on the whole file if nobody else has one.</summary>
    public static bool TryLock(SafeFileHandle file)
    {
        var error = NotImplemented;
        if (OperatingSystem.IsLinux())
        {
            var request = new FileLock { Type = (short)LockKind.Exclusive };
            error = Retry(() => Control(file, SetOpenFileLock, ref request));
        }

        return (error is NotImplemented or InvalidArgument ? Retry(() => FlockFile(file, ExclusiveFlock | DoNotWait)) : error) == 0;
    }

    /// <summary>Waits for an open-file-description lock on the whole file; the error's number or 0.</summary>
    public static int OpenFileLock(SafeFileHandle file, LockKind kind)
    {
        var request = new FileLock { Type = (short)kind };
        return Retry(() => Control(file, SetOpenFileLockAndWait, ref request));
    }

    /// <summary>Lets what is read and written on NFS go past the client's cache; does nothing elsewhere. The error's number or 0.</summary>
    /// <remarks>
    /// While anybody on this host has a file open for writing, Linux may go on showing what it has cached, at an open and even
    /// after a lock, with the length brought up to date: what other hosts appended then reads as NUL.
    /// </remarks>
    public static unsafe int BypassNetworkCache(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
            return 0;

        var status = stackalloc byte[FileSystemStatusSize];
        return FileSystemStatus(file, status) != 0 || *(nint*)status != NetworkFileSystem ? 0 : Retry(() => ControlFlags(file, SetFlags, Direct));
    }

    /// <summary>Waits for a BSD lock on the whole file; the error's number or 0.</summary>
    public static int Flock(SafeFileHandle file, LockKind kind) => Retry(() => FlockFile(
        file, kind switch { LockKind.Shared => SharedFlock, LockKind.Exclusive => ExclusiveFlock, _ => ReleaseFlock }));

    /// <summary>Makes the file's content and length durable; the error's number or 0.</summary>
    public static int SyncData(SafeFileHandle file) => Retry(() => OperatingSystem.IsLinux() ? DataSync(file) : FullSync(file));

    /// <summary>Sets the file's length; the error's number or 0.</summary>
    public static int Truncate(SafeFileHandle file, long length) => Retry(() => TruncateFile(file, length));

    /// <summary>Writes at an offset, in one call if the system takes it; the error's number or 0.</summary>
    public static unsafe int Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        fixed (byte* start = bytes)
        {
            for (nint done = 0; done < bytes.Length;)
            {
                var written = WriteAt(file, start + done, bytes.Length - done, offset + done);
                if (written > 0)
                    done += written;
                else if (written == 0)
                    return InputOutputError;
                else if (LastError != Interrupted)
                    return LastError;
            }
        }

        return 0;
    }

    /// <summary>Which file a handle is open on, or null where that cannot be told.</summary>
    public static FileIdentity? IdentityOf(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
            return null;

        var added = false;
        try
        {
            file.DangerousAddRef(ref added);
            return Identify((int)file.DangerousGetHandle(), "", AtEmptyPath);
        }
        finally
        {
            if (added)
                file.DangerousRelease();
        }
    }

    /// <summary>Which file a path names, or null where there is none or it cannot be told.</summary>
    public static FileIdentity? IdentityOf(string path) =>
        OperatingSystem.IsLinux() ? Identify(AtCurrentDirectory, path, flags: 0) : null;

    /// <summary>The file system that a handle is open on, or null where that cannot be told.</summary>
    public static MountedFileSystem? MountOf(SafeFileHandle file)
    {
        var added = false;
        try
        {
            file.DangerousAddRef(ref added);
            return MountedFileSystem.Of((int)file.DangerousGetHandle());
        }
        finally
        {
            if (added)
                file.DangerousRelease();
        }
    }

    /// <summary>Whether this kernel's NFS takes a lock again that it lost, as if nobody had held it in between.</summary>
    public static bool RecoversLostLocks()
    {
        const string Parameter = "/sys/module/nfs/parameters/recover_lost_locks";
        try
        {
            return File.Exists(Parameter) && File.ReadAllText(Parameter).StartsWith('Y');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static FileIdentity? Identify(int directory, string path, int flags)
    {
        try
        {
            return Stat(directory, path, flags, StatInode | StatLinks, out var status) == 0 ? status.Identity : null;
        }
        catch (EntryPointNotFoundException)
        {
            // A C library older than the call (glibc 2.28, musl 1.2.5).
            return null;
        }
    }

    private static int Retry(Func<int> call)
    {
        while (call() != 0)
        {
            if (LastError != Interrupted)
                return LastError;
        }

        return 0;
    }

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint OpenFile(string path, int flags);

    [LibraryImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, int command, ref FileLock request);

    [LibraryImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    private static partial int ControlFlags(SafeFileHandle file, int command, int flags);

    [LibraryImport(Library, EntryPoint = "flock", SetLastError = true)]
    private static partial int FlockFile(SafeFileHandle file, int operation);

    [LibraryImport(Library, EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int DataSync(SafeFileHandle file);

    [LibraryImport(Library, EntryPoint = "fsync", SetLastError = true)]
    private static partial int FullSync(SafeFileHandle file);

    [LibraryImport(Library, EntryPoint = "ftruncate", SetLastError = true)]
    private static partial int TruncateFile(SafeFileHandle file, long length);

    [LibraryImport(Library, EntryPoint = "pwrite", SetLastError = true)]
    private static unsafe partial nint WriteAt(SafeFileHandle file, byte* bytes, nint count, long offset);

    [LibraryImport(Library, EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(int directory, string path, int flags, uint mask, out FileStatus status);

    [LibraryImport(Library, EntryPoint = "fstatfs", SetLastError = true)]
    private static unsafe partial int FileSystemStatus(SafeFileHandle file, byte* status);

    /// <summary>A file's device and number: the same as long as it is the same file; and whether it still has a name.</summary>
    public readonly record struct FileIdentity(uint DeviceMajor, uint DeviceMinor, ulong Inode, bool HasName);

    // struct flock of 64-bit Linux; a whole file from its start, with a process id of 0 as these locks demand.
    [StructLayout(LayoutKind.Sequential)]
    private struct FileLock
    {
        public short Type;
        public short Whence;
        public long Start;
        public long Length;
        public int Process;
    }

    // struct statx has the same layout on every machine.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct FileStatus
    {
        [FieldOffset(16)]
        public uint Links;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;

        public readonly FileIdentity Identity => new(DeviceMajor, DeviceMinor, Inode, Links > 0);
    }
}
