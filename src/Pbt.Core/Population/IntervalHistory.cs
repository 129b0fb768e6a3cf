using System.Collections;
using System.Runtime.InteropServices;
using Pbt.Core.Population.Snapshots;

namespace Pbt.Core.Population;

/// <summary>The ended intervals of a member: the last ones as objects, those long ago as bytes.</summary>
/// <remarks>
/// A study of a million events has 300,000 intervals, of which nobody looks at more than a few. Not thread-safe while it
/// changes; may be read by several threads while it does not.
/// </remarks>
internal sealed class IntervalHistory(MemberId member) : IReadOnlyList<IntervalRecord>
{
    /// <summary>How many intervals are packed together.</summary>
    public const int ChunkLength = 64;

    private readonly List<ReadOnlyMemory<byte>> _packed = [];
    private readonly List<IntervalRecord> _recent = [];
    private Unpacked? _unpacked;

    /// <inheritdoc/>
    public int Count => (_packed.Count * ChunkLength) + _recent.Count;

    /// <inheritdoc/>
    public IntervalRecord this[int index]
    {
        get
        {
            var chunk = index / ChunkLength;
            return index >= 0 && chunk < _packed.Count ? Unpack(chunk)[index % ChunkLength] : _recent[index - (_packed.Count * ChunkLength)];
        }
    }

    /// <summary>Adds the next interval.</summary>
    public void Add(IntervalRecord record) => _recent.Add(record);

    /// <summary>Takes the last one away.</summary>
    public void RemoveLast()
    {
        if (_recent.Count == 0 && _packed.Count > 0)
        {
            var last = _packed.Count - 1;
            _recent.AddRange(Unpack(last));
            _packed.RemoveAt(last);
            _unpacked = null;
        }

        _recent.RemoveAt(_recent.Count - 1);
    }

    /// <inheritdoc/>
    public IEnumerator<IntervalRecord> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Packs what is complete, but for the latest 64 and more, of which decisions take donors; writes all.</summary>
    internal void Write(SnapshotWriter writer, IntervalChunkWriter chunks)
    {
        Pack(chunks);
        writer.Number((ulong)Count);
        foreach (var chunk in _packed)
            writer.Block(chunk.Span);

        var recent = CollectionsMarshal.AsSpan(_recent);
        for (var at = 0; at < recent.Length; at += ChunkLength)
            writer.Block(chunks.Encode(member, (_packed.Count * ChunkLength) + at + 1, recent.Slice(at, Math.Min(ChunkLength, recent.Length - at))));
    }

    /// <summary>Reads what was written; what is complete stays in the bytes it was read from.</summary>
    internal static IntervalHistory Read(ref SnapshotReader reader, ReadOnlyMemory<byte> bytes, MemberId member)
    {
        var history = new IntervalHistory(member);
        for (var count = reader.Count(IntervalChunk.LeastRecord); count > 0; count -= Math.Min(count, ChunkLength))
        {
            var length = reader.Count();
            var chunk = bytes.Slice(reader.Position, length);
            reader.Raw(length);
            SnapshotReader.Expect(IntervalChunk.Check(chunk.Span) == Math.Min(count, ChunkLength));
            if (count >= ChunkLength)
                history._packed.Add(chunk);
            else
                history._recent.AddRange(IntervalChunk.Decode(chunk.Span, member, history.Count + 1));
        }

        return history;
    }

    private void Pack(IntervalChunkWriter chunks)
    {
        var packed = 0;
        for (; _recent.Count - packed >= 2 * ChunkLength; packed += ChunkLength)
            _packed.Add(chunks.Encode(member, (_packed.Count * ChunkLength) + 1, CollectionsMarshal.AsSpan(_recent).Slice(packed, ChunkLength)).ToArray());

        _recent.RemoveRange(0, packed);
        _recent.TrimExcess();
    }

    private IntervalRecord[] Unpack(int chunk)
    {
        if (_unpacked is { } unpacked && unpacked.Chunk == chunk)
            return unpacked.Records;

        var records = IntervalChunk.Decode(_packed[chunk].Span, member, (chunk * ChunkLength) + 1);
        _unpacked = new(chunk, records);
        return records;
    }

    private sealed record Unpacked(int Chunk, IntervalRecord[] Records);
}
