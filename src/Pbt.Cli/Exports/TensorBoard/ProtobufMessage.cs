using Google.Protobuf;

namespace Pbt.Cli.Exports.TensorBoard;

/// <summary>A protocol buffer's message, made field by field.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class ProtobufMessage
{
    private readonly List<Action<CodedOutputStream>> _fields = [];

    /// <summary>Adds a <c>double</c>.</summary>
    public ProtobufMessage Double(int field, double value) => Add(field, WireFormat.WireType.Fixed64, output => output.WriteDouble(value));

    /// <summary>Adds a <c>float</c>.</summary>
    public ProtobufMessage Float(int field, float value) => Add(field, WireFormat.WireType.Fixed32, output => output.WriteFloat(value));

    /// <summary>Adds an integer or a member of an enum.</summary>
    public ProtobufMessage Integer(int field, long value) => Add(field, WireFormat.WireType.Varint, output => output.WriteInt64(value));

    /// <summary>Adds a <c>bool</c>.</summary>
    public ProtobufMessage Bool(int field, bool value) => Add(field, WireFormat.WireType.Varint, output => output.WriteBool(value));

    /// <summary>Adds a <c>string</c>.</summary>
    public ProtobufMessage Text(int field, string value) => Add(field, WireFormat.WireType.LengthDelimited, output => output.WriteString(value));

    /// <summary>Adds a message, or one as <c>bytes</c>.</summary>
    public ProtobufMessage Message(int field, ProtobufMessage value) =>
        Add(field, WireFormat.WireType.LengthDelimited, output => output.WriteBytes(ByteString.CopyFrom(value.ToBytes())));

    /// <summary>The message as it is on the wire.</summary>
    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
            _fields.ForEach(field => field(output));

        return bytes.ToArray();
    }

    private ProtobufMessage Add(int field, WireFormat.WireType type, Action<CodedOutputStream> write)
    {
        _fields.Add(output =>
        {
            output.WriteTag(field, type);
            write(output);
        });
        return this;
    }
}
