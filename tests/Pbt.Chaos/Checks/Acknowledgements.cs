namespace Pbt.Chaos.Checks;

/// <summary>The lines that were seen to be acknowledged, and whether they are still there.</summary>
internal sealed class Acknowledgements
{
    private readonly List<JournalLine> _lines = [];

    public IReadOnlyList<JournalLine> Lines => _lines;

    /// <summary>How many bytes they take.</summary>
    public long Length { get; private set; }

    /// <summary>Adds what follows; returns what is new.</summary>
    public IReadOnlyList<JournalLine> Add(ReadOnlySpan<byte> bytes)
    {
        var text = JournalText.Read(bytes, _lines.Count);
        _lines.AddRange(text.Lines);
        Length += text.Length;
        return text.Lines;
    }

    /// <summary>Every one is still in the journal, unchanged.</summary>
    public IEnumerable<Violation> Check(IReadOnlyList<JournalLine> now)
    {
        for (var i = 0; i < _lines.Count; i++)
        {
            if (i >= now.Count)
                yield return new Violation(Invariant.Acknowledged, $"gone: {_lines[i].Text}");
            else if (now[i].Text != _lines[i].Text)
                yield return new Violation(Invariant.Acknowledged, $"was: {_lines[i].Text}; is: {now[i].Text}");
        }
    }
}
