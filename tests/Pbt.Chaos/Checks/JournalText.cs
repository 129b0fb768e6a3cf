using System.Globalization;

namespace Pbt.Chaos.Checks;

/// <summary>The whole transactions at the beginning of a journal.</summary>
/// <param name="Lines">Their lines.</param>
/// <param name="Length">How many bytes they take.</param>
internal sealed record JournalText(IReadOnlyList<JournalLine> Lines, long Length)
{
    /// <summary>Reads as far as lines are whole, their versions follow each other and their transactions end.</summary>
    /// <param name="bytes">From the beginning of a transaction.</param>
    /// <param name="after">The version before it.</param>
    public static JournalText Read(ReadOnlySpan<byte> bytes, long after = 0)
    {
        var lines = new List<JournalLine>();
        var whole = 0;
        var length = 0;
        for (var at = 0; bytes[at..].IndexOf((byte)'\n') is >= 0 and var end; at += end + 1)
        {
            if (JournalLine.Read(bytes.Slice(at, end)) is not { } line || line.Version != after + lines.Count + 1)
                break;

            lines.Add(line);
            if (!line.More)
                (whole, length) = (lines.Count, at + end + 1);
        }

        return new JournalText(lines[..whole], length);
    }

    /// <summary>A journal at rest is whole from its first to its last byte.</summary>
    public static IEnumerable<Violation> Check(ReadOnlySpan<byte> bytes)
    {
        var text = Read(bytes);
        return text.Length == bytes.Length
            ? []
            : [new Violation(Invariant.Journal, string.Create(CultureInfo.InvariantCulture, $"line {text.Lines.Count + 1}, byte {text.Length} of {bytes.Length}: no whole transaction with the next versions and right checksums"))];
    }
}
