using System.Buffers.Binary;
using Pbt.Core.Population;

namespace Pbt.Storage.Journal.Snapshots;

/// <summary>What a snapshot's file begins with: who wrote it, what part of which journal it stands for, and its checksums.</summary>
/// <remarks>
/// 128 bytes, little-endian: <c>pbt-snap</c>; the format; the builds of pbt's core and storage; the journal's version and
/// offset; the marks of its first line and of the line that ends at the offset; the payload's length and CRC-32C; zeros; the CRC-32C
/// of the 124 bytes before. A snapshot of another build is of no use: the fold of the same events may be another there.
/// </remarks>
internal sealed record SnapshotHeader(JournalPosition Position, LineMark First, LineMark Last, int PayloadLength, uint PayloadChecksum)
{
    /// <summary>How many bytes it takes.</summary>
    public const int Size = 128;

    /// <summary>To be raised when the file's layout changes.</summary>
    private const int Format = 2;

    private const int IdentityLength = 44;
    private const int NumbersOffset = IdentityLength;
    private const int ChecksumOffset = Size - sizeof(uint);

    private static readonly byte[] Identity = MakeIdentity();

    /// <summary>Reads a header; null if it is none that this build of pbt wrote.</summary>
    public static SnapshotHeader? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size || Crc32C.Of(bytes[..ChecksumOffset]) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumOffset..]) || !bytes.StartsWith(Identity))
            return null;

        var rest = bytes[NumbersOffset..];
        var position = new JournalPosition(TakeLong(ref rest), TakeLong(ref rest));
        var first = TakeMark(ref rest);
        var last = TakeMark(ref rest);
        var length = TakeInt(ref rest);
        var header = new SnapshotHeader(position, first, last, length, (uint)TakeInt(ref rest));
        return position.Version > 0 && length > 0 && first.Start == 0 && last.Start + last.Length == position.Offset ? header : null;
    }

    /// <summary>The header's bytes.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        Identity.CopyTo(bytes, 0);
        var rest = bytes.AsSpan(NumbersOffset);
        Put(ref rest, Position.Version);
        Put(ref rest, Position.Offset);
        Put(ref rest, First);
        Put(ref rest, Last);
        Put(ref rest, PayloadLength);
        Put(ref rest, (int)PayloadChecksum);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(ChecksumOffset), Crc32C.Of(bytes.AsSpan(0, ChecksumOffset)));
        return bytes;
    }

    /// <summary>Whether the journal still is the one that the snapshot stands for, up to where it does.</summary>
    /// <remarks>Looks at two lines and reads nothing else.</remarks>
    public bool Fits(JournalFile file, long end) =>
        Position.Offset <= end && First.Find(file) is not null && Last.Find(file) is { } line &&
        JournalLine.IsWhole(line.AsSpan(0, line.Length - 1)) && !JournalLine.HasMore(line.AsSpan(0, line.Length - 1)) && JournalLine.VersionOf(line) == Position.Version;

    private static byte[] MakeIdentity()
    {
        var identity = new byte[IdentityLength];
        "pbt-snap"u8.CopyTo(identity);
        BinaryPrimitives.WriteInt32LittleEndian(identity.AsSpan(8), Format);
        typeof(StudyState).Module.ModuleVersionId.TryWriteBytes(identity.AsSpan(12));
        typeof(SnapshotHeader).Module.ModuleVersionId.TryWriteBytes(identity.AsSpan(28));
        return identity;
    }

    private static void Put(ref Span<byte> rest, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(rest, value);
        rest = rest[sizeof(long)..];
    }

    private static void Put(ref Span<byte> rest, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(rest, value);
        rest = rest[sizeof(int)..];
    }

    private static void Put(ref Span<byte> rest, LineMark mark)
    {
        Put(ref rest, mark.Start);
        Put(ref rest, mark.Length);
        Put(ref rest, (int)mark.Checksum);
    }

    private static long TakeLong(ref ReadOnlySpan<byte> rest)
    {
        var value = BinaryPrimitives.ReadInt64LittleEndian(rest);
        rest = rest[sizeof(long)..];
        return value;
    }

    private static int TakeInt(ref ReadOnlySpan<byte> rest)
    {
        var value = BinaryPrimitives.ReadInt32LittleEndian(rest);
        rest = rest[sizeof(int)..];
        return value;
    }

    private static LineMark TakeMark(ref ReadOnlySpan<byte> rest) => new(TakeLong(ref rest), TakeInt(ref rest), (uint)TakeInt(ref rest));
}
