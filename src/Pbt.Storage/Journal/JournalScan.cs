using System.Buffers;
using Pbt.Core.Population;
using Pbt.Storage.Journal.Snapshots;

namespace Pbt.Storage.Journal;

/// <summary>Reads a part of a journal in order, transaction by transaction, decoding blocks side by side.</summary>
/// <remarks>
/// Hands out only what is certain: whole transactions whose every line is in order. It stops before the first thing that
/// is not; if that is before the end it was given, <see cref="JournalTail"/> says why. Not thread-safe.
/// </remarks>
internal sealed class JournalScan
{
    private const int BlockLength = 2 << 20;
    private static readonly int LookAhead = Environment.ProcessorCount + 1;

    private readonly JournalFile _file;
    private readonly Queue<(Task<JournalBlock> Block, long Start)> _ahead = new();
    private readonly List<RecordedEvent> _begun = [];
    private long _next;
    private bool _stopped;

    /// <summary>Begins at a place between two transactions; reads no further than an offset.</summary>
    public JournalScan(JournalFile file, JournalPosition from, long end)
    {
        _file = file;
        End = end;
        _next = from.Offset;
        Position = from;
    }

    /// <summary>The offset up to which it reads.</summary>
    public long End { get; }

    /// <summary>The end of the last transaction handed out.</summary>
    public JournalPosition Position { get; private set; }

    /// <summary>The last line of that transaction; nothing before the first was handed out.</summary>
    public LineMark LastLine { get; private set; }

    /// <summary>The next events, or null at the end of what is certain.</summary>
    public IReadOnlyList<RecordedEvent>? Next()
    {
        while (!_stopped)
        {
            LookFurther();
            if (!_ahead.TryDequeue(out var first))
                break;

            if (Join(first.Block.GetAwaiter().GetResult(), first.Start) is { Count: > 0 } events)
                return events;
        }

        _stopped = true;
        return null;
    }

    private List<RecordedEvent> Join(JournalBlock block, long start)
    {
        var expected = Position.Version + _begun.Count + 1;
        var isFlawed = block.Events.Count > 0 && block.Events[0].Version != expected;
        _stopped = isFlawed || block.IsFlawed;
        if (isFlawed || block.Whole == 0)
        {
            if (!isFlawed)
                _begun.AddRange(block.Events);

            return [];
        }

        List<RecordedEvent> events;
        if (_begun.Count == 0 && block.Whole == block.Events.Count)
        {
            events = block.Events;
        }
        else
        {
            events = [.. _begun, .. block.Events.Take(block.Whole)];
            _begun.Clear();
            _begun.AddRange(block.Events.Skip(block.Whole));
        }

        Position = new(events[^1].Version, start + block.WholeLength);
        LastLine = block.LastLine with { Start = start + block.LastLine.Start };
        return events;
    }

    private void LookFurther()
    {
        while (_next < End && _ahead.Count < LookAhead)
        {
            var start = _next;
            var (buffer, length) = ReadLines(start);
            if (length == 0)
            {
                _next = End;
                return;
            }

            _next += length;
            var isOnly = _ahead.Count == 0 && _next >= End;
            _ahead.Enqueue((isOnly ? Task.FromResult(Decode(buffer, length)) : Task.Run(() => Decode(buffer, length)), start));
        }
    }

    private static JournalBlock Decode(byte[] buffer, int length)
    {
        try
        {
            return JournalBlock.Decode(buffer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads as many whole lines as a block holds, or one that is longer; none if no line ends any more, or it is too long.</summary>
    private (byte[] Buffer, int Length) ReadLines(long start)
    {
        for (var size = BlockLength; ; size = Math.Min(size * 4, JournalLine.MaxLength + 1))
        {
            var wanted = (int)Math.Min(size, End - start);
            var buffer = ArrayPool<byte>.Shared.Rent(wanted);
            var read = _file.Read(buffer.AsSpan(0, wanted), start);
            var length = buffer.AsSpan(0, read).LastIndexOf((byte)'\n') + 1;
            if (length > 0)
                return (buffer, length);

            ArrayPool<byte>.Shared.Return(buffer);
            if (read < wanted || start + read >= End || size > JournalLine.MaxLength)
                return ([], 0);
        }
    }
}
