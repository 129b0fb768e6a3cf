using System.Text.Json;
using Pbt.Core.Population;
using Pbt.Storage.Journal.Snapshots;

namespace Pbt.Storage.Journal;

/// <summary>The events of some successive lines.</summary>
/// <remarks>Decoding knows nothing of other blocks, so blocks can be decoded side by side and joined in order.</remarks>
internal sealed class JournalBlock
{
    private JournalBlock(List<RecordedEvent> events) => Events = events;

    /// <summary>The events, in the order of their lines; of a block with a flaw, those before it.</summary>
    public List<RecordedEvent> Events { get; }

    /// <summary>How many of the events lie before the end of the block's last whole transaction.</summary>
    public int Whole { get; private set; }

    /// <summary>Where that transaction ends, in bytes from the block's start.</summary>
    public int WholeLength { get; private set; }

    /// <summary>The last line of that transaction, its start counted from the block's.</summary>
    public LineMark LastLine { get; private set; }

    /// <summary>Whether something is no line of a journal; what it is, is for <see cref="JournalTail"/> to say.</summary>
    public bool IsFlawed { get; private set; }

    /// <summary>Decodes bytes that begin at a line's start and end at a line's end.</summary>
    public static JournalBlock Decode(ReadOnlySpan<byte> bytes)
    {
        const int TypicalLine = 200;
        var block = new JournalBlock(new(1 + (bytes.Length / TypicalLine)));
        var pool = new TextPool();
        for (var at = 0; at < bytes.Length;)
        {
            var length = bytes[at..].IndexOf((byte)'\n');
            if (length < 0 || !block.TryAdd(bytes.Slice(at, length), pool, out var more))
            {
                block.IsFlawed = true;
                break;
            }

            at += length + 1;
            if (!more)
                (block.Whole, block.WholeLength) = (block.Events.Count, at);
        }

        if (block.Whole > 0)
            block.LastLine = LineMark.OfLast(bytes[..block.WholeLength], 0);

        return block;
    }

    private bool TryAdd(ReadOnlySpan<byte> line, TextPool pool, out bool more)
    {
        more = false;
        try
        {
            var recorded = JournalLine.Read(line, pool, out more);
            if (Events.Count > 0 && recorded.Version != Events[^1].Version + 1)
                return false;

            Events.Add(recorded);
            return true;
        }
        catch (Exception e) when (e is JsonException or NewerJournalException)
        {
            return false;
        }
    }
}
