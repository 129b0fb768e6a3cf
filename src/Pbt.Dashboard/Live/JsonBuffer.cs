using System.Buffers;
using System.Text.Json;

namespace Pbt.Dashboard.Live;

/// <summary>Makes one JSON document after another in the same memory.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class JsonBuffer : IDisposable
{
    private const int LargestKept = 1 << 20;

    private ArrayBufferWriter<byte> _buffer = new();
    private Utf8JsonWriter? _writer;

    /// <summary>The last document. Valid until the next one.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.WrittenMemory;

    /// <summary>Makes a document; false and nothing if there is none to make.</summary>
    public bool Make(Func<Utf8JsonWriter, bool> write)
    {
        if (_buffer.Capacity > LargestKept)
            _buffer = new();

        _buffer.ResetWrittenCount();
        _writer ??= new Utf8JsonWriter(_buffer);
        _writer.Reset(_buffer);
        var made = write(_writer);
        _writer.Flush();
        return made;
    }

    /// <inheritdoc/>
    public void Dispose() => _writer?.Dispose();
}
