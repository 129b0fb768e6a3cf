using System.Buffers;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Pbt.Core.Population;
using Pbt.Storage.Journal;

namespace Pbt.Benchmarks.Journal;

/// <summary>What one line of the journal costs.</summary>
[MemoryDiagnoser]
public class JournalBenchmarks
{
    private const int Lines = 3000;
    private readonly ArrayBufferWriter<byte> _buffer = new(4 << 20);
    private (RecordedEvent Event, bool More)[] _events = [];
    private Utf8JsonWriter _json = null!;
    private byte[] _bytes = [];

    [GlobalSetup]
    public void Setup()
    {
        _events = SyntheticStudy.Events(Lines + 300).Skip(300).ToArray();
        _json = JournalLine.CreateWriter(_buffer);
        Encode();
        _bytes = _buffer.WrittenSpan.ToArray();
    }

    [Benchmark(OperationsPerInvoke = Lines)]
    public int Encode()
    {
        _buffer.ResetWrittenCount();
        foreach (var (recorded, more) in _events)
            JournalLine.Write(_buffer, _json, recorded, more);

        return _buffer.WrittenCount;
    }

    [Benchmark(OperationsPerInvoke = Lines)]
    public int Decode() => JournalBlock.Decode(_bytes).Events.Count;

    [Benchmark(OperationsPerInvoke = Lines)]
    public uint Checksum() => Crc32C.Of(_bytes);
}
