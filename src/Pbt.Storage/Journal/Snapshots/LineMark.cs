namespace Pbt.Storage.Journal.Snapshots;

/// <summary>Tells a line of a journal from what else may stand in its place.</summary>
/// <param name="Start">Its offset.</param>
/// <param name="Length">Its bytes, the newline included.</param>
/// <param name="Checksum">The CRC-32C of all of them.</param>
internal readonly record struct LineMark(long Start, int Length, uint Checksum)
{
    private const int Longest = 64 << 20;

    /// <summary>The mark of the last line of these bytes, which end with it and begin at an offset.</summary>
    public static LineMark OfLast(ReadOnlySpan<byte> bytes, long offset)
    {
        var start = bytes[..^1].LastIndexOf((byte)'\n') + 1;
        return new(offset + start, bytes.Length - start, Crc32C.Of(bytes[start..]));
    }

    /// <summary>The mark of a journal's first line, or null if none of a reasonable length ends.</summary>
    public static LineMark? OfFirst(JournalFile file)
    {
        for (var size = 16 << 10; size <= Longest; size *= 4)
        {
            var bytes = new byte[size];
            var read = bytes.AsSpan(0, file.Read(bytes, 0));
            if (read.IndexOf((byte)'\n') is >= 0 and var end)
                return new(0, end + 1, Crc32C.Of(read[..(end + 1)]));

            if (read.Length < size)
                return null;
        }

        return null;
    }

    /// <summary>Reads the line if it stands in its place.</summary>
    public byte[]? Find(JournalFile file)
    {
        if (Start < 0 || Length is <= 0 or > Longest || Start + Length > file.Length)
            return null;

        var line = new byte[Length];
        return file.Read(line, Start) == Length && Crc32C.Of(line) == Checksum && line.AsSpan().IndexOf((byte)'\n') == Length - 1 ? line : null;
    }
}
