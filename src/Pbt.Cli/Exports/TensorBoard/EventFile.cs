using System.Buffers.Binary;
using System.Globalization;
using Pbt.Storage.Journal;

namespace Pbt.Cli.Exports.TensorBoard;

/// <summary>One TensorBoard event file: records of TensorFlow's TFRecord, each an <c>Event</c>.</summary>
/// <remarks>The fields are those of TensorFlow's event.proto and summary.proto. Not thread-safe.</remarks>
internal sealed class EventFile : IDisposable
{
    private const string Version = "brain.Event:2";

    private readonly FileStream _file;

    /// <summary>Creates the file in a folder, which is made where it is missing.</summary>
    /// <param name="folder">The folder, which is what TensorBoard calls a run.</param>
    /// <param name="began">When the run began: TensorBoard reads a run's files in the order of their names.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public EventFile(string folder, DateTimeOffset began)
    {
        Directory.CreateDirectory(folder);
        var name = string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{began.ToUnixTimeSeconds():D10}.pbt");
        _file = new FileStream(Path.Combine(folder, name), FileMode.CreateNew, FileAccess.Write);
        Write(new ProtobufMessage().Double(1, Seconds(began)).Text(3, Version));
    }

    /// <summary>Adds an event.</summary>
    /// <param name="time">When.</param>
    /// <param name="step">At which training step.</param>
    /// <param name="values">Values of a summary, as <see cref="Scalar"/> makes them.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Add(DateTimeOffset time, long step, IEnumerable<ProtobufMessage> values)
    {
        var summary = new ProtobufMessage();
        foreach (var value in values)
            summary.Message(1, value);

        Write(new ProtobufMessage().Double(1, Seconds(time)).Integer(2, step).Message(5, summary));
    }

    /// <summary>A measurement; TensorBoard has 32 bits for it.</summary>
    public static ProtobufMessage Scalar(string tag, double value) => new ProtobufMessage().Text(1, tag).Float(2, (float)value);

    /// <summary>A time as TensorBoard has it.</summary>
    public static double Seconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalSeconds;

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Write(ProtobufMessage happened)
    {
        var data = happened.ToBytes();
        Span<byte> header = stackalloc byte[sizeof(ulong) + sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[sizeof(ulong)..], Masked(Crc32C.Of(header[..sizeof(ulong)])));
        Span<byte> footer = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(footer, Masked(Crc32C.Of(data)));
        _file.Write(header);
        _file.Write(data);
        _file.Write(footer);
    }

    /// <summary>A checksum as TFRecord keeps it, so that a checksum over checksums stays of use.</summary>
    private static uint Masked(uint checksum) => ((checksum >> 15) | (checksum << 17)) + 0xa282ead8;
}
