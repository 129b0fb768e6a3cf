using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Pbt.Core.Population.Snapshots;

/// <summary>Bytes that are no snapshot which this pbt wrote.</summary>
internal sealed class InvalidSnapshotException(string message) : FormatException(message);

/// <summary>Reads a snapshot's bytes, whatever they are.</summary>
/// <remarks>
/// Never reads outside of them and never makes more objects than they can hold. Where they are not what a
/// <see cref="SnapshotWriter"/> wrote, it throws <see cref="InvalidSnapshotException"/>.
/// </remarks>
internal ref struct SnapshotReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>How many bytes were read.</summary>
    public int Position { get; private set; }

    /// <summary>How many are left.</summary>
    public readonly int Left => _bytes.Length - Position;

    [DoesNotReturn]
    public static void Refuse() => throw new InvalidSnapshotException("These bytes are no snapshot.");

    /// <summary>Refuses what must not be.</summary>
    public static void Expect(bool holds)
    {
        if (!holds)
            Refuse();
    }

    public ulong Number()
    {
        var result = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (Position >= _bytes.Length)
                Refuse();

            var next = _bytes[Position++];
            result |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return result;
        }

        Refuse();
        return 0;
    }

    public long Signed()
    {
        var value = Number();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public int Int()
    {
        var value = Signed();
        Expect(value is >= int.MinValue and <= int.MaxValue);
        return (int)value;
    }

    /// <summary>A number of things that take at least so many bytes each.</summary>
    public int Count(int leastBytes = 1)
    {
        var value = Number();
        Expect(value <= (ulong)(Left / leastBytes));
        return (int)value;
    }

    /// <summary>A number below a limit.</summary>
    public int Below(int limit)
    {
        var value = Number();
        Expect(value < (ulong)Math.Max(0, limit));
        return (int)value;
    }

    public bool Bool() => Below(2) == 1;

    /// <summary>A value of an enumeration that has so many, from 0.</summary>
    public T Choice<T>()
        where T : struct, Enum
    {
        var value = (T)Enum.ToObject(typeof(T), Below(int.MaxValue));
        Expect(Enum.IsDefined(value));
        return value;
    }

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Raw(sizeof(double)));

    public string Text()
    {
        var length = Count();
        return length == 0 ? string.Empty : Encoding.UTF8.GetString(Raw(length));
    }

    /// <summary>Passes over a text.</summary>
    public void SkipText() => Raw(Count());

    public string? OptionalText() => Bool() ? Text() : null;

    public DateTimeOffset Time() => TimeOf(Signed());

    public CheckpointId Checkpoint() => new(new(Int()), Int(), new(Signed()));

    public CheckpointId? OptionalCheckpoint() => Bool() ? Checkpoint() : null;

    public MemberId? OptionalMember(int members) => Below(members + 1) is > 0 and var value ? new MemberId(value - 1) : null;

    /// <summary>So many bytes as they are.</summary>
    public ReadOnlySpan<byte> Raw(int length)
    {
        if ((uint)length > (uint)Left)
            Refuse();

        Position += length;
        return _bytes.Slice(Position - length, length);
    }

    /// <summary>A time of so many ticks.</summary>
    public static DateTimeOffset TimeOf(long ticks)
    {
        Expect(ticks >= DateTimeOffset.MinValue.UtcTicks && ticks <= DateTimeOffset.MaxValue.UtcTicks);
        return new(ticks, TimeSpan.Zero);
    }
}
