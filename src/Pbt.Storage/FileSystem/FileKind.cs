using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pbt.Storage.FileSystem;

/// <summary>What kind of thing a path or an open file is.</summary>
public enum FileKind
{
    /// <summary>There is nothing.</summary>
    Missing,

    /// <summary>A regular file.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link, wherever it leads.</summary>
    Link,

    /// <summary>A pipe, a socket or a device.</summary>
    Special,

    /// <summary>Something that the user may not look at.</summary>
    Unreadable,
}

/// <summary>Asks for the kind of a path or an open file, which .NET does not tell.</summary>
public static partial class FileKinds
{
    private const int NoSuchFile = 2;
    private const int NotADirectory = 20;
    private const int AtCurrentDirectory = -100;
    private const int DoNotFollow = 0x100;
    private const int AtEmptyPath = 0x1000;
    private const uint WantType = 1;
    private const int BufferSize = 256;
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000;

    /// <summary>What a path names; a link is not followed.</summary>
    public static FileKind Of(string path)
    {
        var kind = Ask(AtCurrentDirectory, path, DoNotFollow, out var error);
        return kind ?? (error is NoSuchFile or NotADirectory ? FileKind.Missing : Guess(path));
    }

    /// <summary>A kind in words, with its article.</summary>
    public static string Describe(FileKind kind) => kind switch
    {
        FileKind.Missing => "not there",
        FileKind.File => "a file",
        FileKind.Directory => "a directory",
        FileKind.Link => "a symbolic link",
        FileKind.Special => "a pipe, a socket or a device",
        _ => "not readable",
    };

    /// <summary>What an open file is; where that cannot be asked, a regular file.</summary>
    internal static FileKind Of(SafeFileHandle file)
    {
        var added = false;
        try
        {
            file.DangerousAddRef(ref added);
            return Ask((int)file.DangerousGetHandle(), string.Empty, AtEmptyPath, out _) ?? FileKind.File;
        }
        finally
        {
            if (added)
                file.DangerousRelease();
        }
    }

    private static unsafe FileKind? Ask(int directory, string path, int flags, out int error)
    {
        error = 0;
        if (!OperatingSystem.IsLinux())
            return null;

        var buffer = stackalloc byte[BufferSize];
        if (StatX(directory, path, flags, WantType, buffer) != 0)
        {
            error = Marshal.GetLastPInvokeError();
            return null;
        }

        return (BinaryPrimitives.ReadUInt16LittleEndian(new ReadOnlySpan<byte>(buffer + ModeOffset, sizeof(ushort))) & TypeMask) switch
        {
            0x8000 => FileKind.File,
            0x4000 => FileKind.Directory,
            0xA000 => FileKind.Link,
            _ => FileKind.Special,
        };
    }

    // Without statx a pipe cannot be told from a file.
    private static FileKind Guess(string path)
    {
        try
        {
            var attributes = File.GetAttributes(path);
            return attributes.HasFlag(FileAttributes.ReparsePoint) ? FileKind.Link
                : attributes.HasFlag(FileAttributes.Directory) ? FileKind.Directory
                : FileKind.File;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return FileKind.Missing;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return FileKind.Unreadable;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int StatX(int directory, string path, int flags, uint mask, byte* result);
}
