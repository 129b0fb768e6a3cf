using System.Buffers.Binary;
using System.Numerics;

namespace Pbt.Storage.Journal;

/// <summary>The checksum of a journal's lines: CRC-32C (Castagnoli), as in iSCSI and ext4.</summary>
/// <remarks>Stateless and thread-safe.</remarks>
public static class Crc32C
{
    /// <summary>The checksum of the bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));

        foreach (var rest in bytes)
            crc = BitOperations.Crc32C(crc, rest);

        return ~crc;
    }
}
