using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Pbt.Storage.FileSystem;

/// <summary>What kind of thing a path names, which .NET does not say.</summary>
internal static partial class FileKind
{
    private const int AtCurrentDirectory = -100;
    private const int DoNotFollow = 0x100;
    private const uint WantType = 1;
    private const int BufferSize = 256;
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;

    /// <summary>Whether the path is a regular file: no link, pipe, socket or device. Where that cannot be asked, yes.</summary>
    public static unsafe bool IsRegular(string path)
    {
        if (!OperatingSystem.IsLinux())
            return true;

        var buffer = stackalloc byte[BufferSize];
        return StatX(AtCurrentDirectory, path, DoNotFollow, WantType, buffer) != 0
            || (BinaryPrimitives.ReadUInt16LittleEndian(new ReadOnlySpan<byte>(buffer + ModeOffset, sizeof(ushort))) & TypeMask) == RegularFile;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int StatX(int directory, string path, int flags, uint mask, byte* result);
}
