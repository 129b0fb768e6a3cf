using System.Buffers;
using System.Text.Json;
using Pbt.Core.Population;
using Pbt.Core.Studies;

namespace Pbt.Storage.Journal;

/// <summary>The lines of a batch, gathered to be written at once.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class JournalLines : IDisposable
{
    private const int Initial = 1 << 16;
    private const int Generous = 16 << 20;
    private readonly TextPool _texts = new();
    private ArrayBufferWriter<byte> _buffer = new(Initial);
    private Utf8JsonWriter _json;

    public JournalLines() => _json = JournalLine.CreateWriter(_buffer);

    /// <summary>How many bytes there are.</summary>
    public int Length => _buffer.WrittenCount;

    /// <summary>The lines.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.WrittenSpan;

    /// <summary>Adds a transaction's events.</summary>
    /// <exception cref="InvalidRequestException">One could not be read back: it must not get into a journal.</exception>
    public void Add(IReadOnlyList<RecordedEvent> events)
    {
        for (var i = 0; i < events.Count; i++)
        {
            var start = Length;
            JournalLine.Write(_buffer, _json, events[i], more: i < events.Count - 1);
            Check(events[i], Bytes[start..^1]);
        }
    }

    /// <summary>Takes back what was added after a length.</summary>
    public void CutTo(int length)
    {
        var kept = Bytes[..length].ToArray();
        Clear();
        _buffer.Write(kept);
    }

    /// <summary>Takes everything back.</summary>
    public void Clear()
    {
        if (_buffer.Capacity > Generous)
        {
            _json.Dispose();
            _buffer = new(Initial);
            _json = JournalLine.CreateWriter(_buffer);
            return;
        }

        // An event that failed may have left the writer in the middle of a line, which it must not bring out later.
        _json.Reset();
        _buffer.ResetWrittenCount();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _json.Reset();
        _json.Dispose();
    }

    private void Check(RecordedEvent recorded, ReadOnlySpan<byte> line)
    {
        if (line.Length > JournalLine.MaxLength)
            throw new InvalidRequestException($"What was to be recorded takes {line.Length} bytes, and a journal's line has at most {JournalLine.MaxLength}: a {recorded.Event.GetType().Name}.");

        try
        {
            JournalLine.Read(line, _texts, out _);
        }
        catch (Exception e) when (e is JsonException or NewerJournalException)
        {
            throw new InvalidRequestException($"What was to be recorded cannot be read back from a journal: {e.Message}. It was: {recorded.Event}", e);
        }
    }
}
