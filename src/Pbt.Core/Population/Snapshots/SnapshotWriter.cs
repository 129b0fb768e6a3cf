using System.Buffers.Binary;
using System.Text;

namespace Pbt.Core.Population.Snapshots;

/// <summary>Gathers a snapshot's bytes: integers of variable length, exact doubles, texts in UTF-8.</summary>
/// <remarks>Not thread-safe. <see cref="SnapshotReader"/> reads what it writes, call by call.</remarks>
internal sealed class SnapshotWriter(int capacity)
{
    private const int LongestNumber = 10;
    private byte[] _bytes = new byte[Math.Max(capacity, 64)];

    /// <summary>How many bytes there are.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes so far.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Takes everything back.</summary>
    public void Clear() => Length = 0;

    /// <summary>Hands the bytes over, without copying them; the writer is of no use afterwards.</summary>
    public ReadOnlyMemory<byte> Detach()
    {
        var bytes = _bytes.AsMemory(0, Length);
        (_bytes, Length) = ([], 0);
        return bytes;
    }

    /// <summary>Adds an integer that is small and not negative as a rule: seven bits a byte.</summary>
    public void Number(ulong value)
    {
        Reserve(LongestNumber);
        for (; value >= 0x80; value >>= 7)
            _bytes[Length++] = (byte)(value | 0x80);

        _bytes[Length++] = (byte)value;
    }

    /// <summary>Adds an integer that may be negative.</summary>
    public void Signed(long value) => Number((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>Adds a double, bit by bit.</summary>
    public void Double(double value)
    {
        Reserve(sizeof(double));
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.AsSpan(Length), value);
        Length += sizeof(double);
    }

    /// <summary>Adds a text.</summary>
    public void Text(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        Number((ulong)length);
        Reserve(length);
        Length += Encoding.UTF8.GetBytes(value, _bytes.AsSpan(Length));
    }

    /// <summary>Adds a text or its absence.</summary>
    public void OptionalText(string? value)
    {
        Number(value is null ? 0UL : 1UL);
        if (value is not null)
            Text(value);
    }

    /// <summary>Adds a time.</summary>
    public void Time(DateTimeOffset value) => Signed(value.UtcTicks);

    /// <summary>Adds a checkpoint's name.</summary>
    public void Checkpoint(CheckpointId value)
    {
        Signed(value.Member.Value);
        Signed(value.Interval);
        Signed(value.Attempt.Value);
    }

    /// <summary>Adds a checkpoint's name or its absence.</summary>
    public void OptionalCheckpoint(CheckpointId? value)
    {
        Number(value is null ? 0UL : 1UL);
        if (value is { } known)
            Checkpoint(known);
    }

    /// <summary>Adds a member or its absence.</summary>
    public void OptionalMember(MemberId? value) => Number(value is { } known ? (ulong)known.Value + 1 : 0);

    /// <summary>Adds bytes with their number before them.</summary>
    public void Block(ReadOnlySpan<byte> value)
    {
        Number((ulong)value.Length);
        Raw(value);
    }

    /// <summary>Adds bytes as they are.</summary>
    public void Raw(ReadOnlySpan<byte> value)
    {
        Reserve(value.Length);
        value.CopyTo(_bytes.AsSpan(Length));
        Length += value.Length;
    }

    private void Reserve(int more)
    {
        if (_bytes.Length - Length >= more)
            return;

        var wanted = Math.Max(Length + (long)more, Math.Min(_bytes.Length * 2L, Array.MaxLength));
        Array.Resize(ref _bytes, checked((int)wanted));
    }
}
