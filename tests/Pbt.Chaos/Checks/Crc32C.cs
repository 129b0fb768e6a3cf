namespace Pbt.Chaos.Checks;

/// <summary>CRC-32C, bit by bit: written here anew, so that pbt's own is checked by another.</summary>
internal static class Crc32C
{
    private const uint Reversed = 0x82F63B78;

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var next in bytes)
        {
            crc ^= next;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ Reversed : crc >> 1;
        }

        return ~crc;
    }
}
