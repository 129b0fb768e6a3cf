using Pbt.Harness;

namespace Pbt.Cli.Tests.Exports;

/// <summary>A test that reads event files with the system's Python.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class EventReaderFactAttribute : FactAttribute
{
    public EventReaderFactAttribute() =>
        Skip = SystemPython.WhyNot("google.protobuf", "crc32c") is null
            ? null
            : "the system's Python has no protobuf or no CRC-32C: apt-get install python3-protobuf python3-crc32c";
}
