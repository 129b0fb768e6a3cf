using System.Buffers;

namespace Pbt.Client.Protocol;

/// <summary>Bytes that grow at their end, and can be cut there again.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class ByteBuffer : IBufferWriter<byte>
{
    private const int Least = 256;
    private byte[] _bytes;

    public ByteBuffer(int capacity) => _bytes = new byte[capacity];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>All of them.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Count);

    /// <inheritdoc/>
    public void Advance(int count) => Count += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(Count);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Adds bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Count += bytes.Length;
    }

    /// <summary>Forgets what comes after the first so many.</summary>
    public void Cut(int count) => Count = count;

    /// <summary>Forgets the first so many.</summary>
    public void RemoveFirst(int count)
    {
        _bytes.AsSpan(count, Count - count).CopyTo(_bytes);
        Count -= count;
    }

    private void Reserve(int size)
    {
        size = Math.Max(size, Least);
        if (_bytes.Length - Count < size)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Count + size));
    }
}
