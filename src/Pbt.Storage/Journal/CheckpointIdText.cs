using System.Buffers.Text;
using System.Text.Json;
using Pbt.Core.Population;

namespace Pbt.Storage.Journal;

/// <summary>Reads <c>m0003/i000007-a000123</c>, which <see cref="CheckpointId.ToString"/> writes.</summary>
internal static class CheckpointIdText
{
    /// <exception cref="JsonException">The text is not of that form.</exception>
    public static CheckpointId Read(ReadOnlySpan<byte> text)
    {
        var rest = text;
        return Part(ref rest, "m"u8, out var member) && Part(ref rest, "/i"u8, out var interval) && Part(ref rest, "-a"u8, out var attempt) &&
            rest.IsEmpty && member <= int.MaxValue && interval <= int.MaxValue
            ? new(new((int)member), (int)interval, new(attempt))
            : throw new JsonException("A checkpoint is named like m0003/i000007-a000123.");
    }

    private static bool Part(ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> prefix, out long number)
    {
        number = 0;
        if (!rest.StartsWith(prefix) || rest.Length == prefix.Length || !char.IsAsciiDigit((char)rest[prefix.Length]) ||
            !Utf8Parser.TryParse(rest[prefix.Length..], out number, out var length))
        {
            return false;
        }

        rest = rest[(prefix.Length + length)..];
        return true;
    }
}
