namespace Pbt.Storage.Journal;

/// <summary>Reads a journal's lines one by one, whatever they hold.</summary>
/// <remarks>Not thread-safe. A line longer than any that pbt writes is passed over as one that is not whole.</remarks>
internal sealed class JournalLineReader(JournalFile file, long end)
{
    private const int Piece = 1 << 20;
    private const int Longest = JournalLine.MaxLength + 1;

    private byte[] _buffer = new byte[Piece];
    private int _start;
    private int _filled;
    private long _next;

    /// <summary>Where the line begins.</summary>
    public long Offset { get; private set; }

    /// <summary>Where the next line begins.</summary>
    public long NextOffset => _next;

    /// <summary>Whether the line ends in a newline and could be read whole; without them it is no line of a journal.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>The line without its newline; its first bytes if it is longer than any.</summary>
    public ReadOnlySpan<byte> Line => _buffer.AsSpan(_start, _length);

    private int _length;

    /// <summary>Goes to the next line; false at the end.</summary>
    public bool Next()
    {
        Offset = _next;
        _start += _length + (IsEnded ? 1 : 0);
        _length = 0;
        var searched = 0;
        while (true)
        {
            var found = _buffer.AsSpan(_start + searched, _filled - _start - searched).IndexOf((byte)'\n');
            if (found >= 0)
                return Take(searched + found, isEnded: true);

            searched = _filled - _start;
            if (searched >= Longest)
                return PassOver();

            if (!Fill())
                return searched > 0 && Take(searched, isEnded: false);
        }
    }

    private bool Take(int length, bool isEnded)
    {
        _length = length;
        IsEnded = isEnded;
        _next = Offset + length + (isEnded ? 1 : 0);
        return true;
    }

    /// <summary>Looks for the end of a line that is too long, and keeps none of it.</summary>
    private bool PassOver()
    {
        var at = Offset + (_filled - _start);
        (_start, _filled, IsEnded) = (0, 0, false);
        for (; at < end; at += _filled)
        {
            _filled = file.Read(_buffer.AsSpan(0, (int)Math.Min(Piece, end - at)), at);
            var found = _buffer.AsSpan(0, _filled).IndexOf((byte)'\n');
            if (_filled == 0)
                break;

            if (found < 0)
                continue;

            at += found + 1;
            break;
        }

        (_filled, _next) = (0, at);
        return true;
    }

    private bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _filled - _start).CopyTo(_buffer);
            _filled -= _start;
            _start = 0;
        }

        if (_filled == _buffer.Length)
            Array.Resize(ref _buffer, (int)Math.Min(_buffer.Length * 2L, Longest + Piece));

        var at = Offset + _filled;
        var read = file.Read(_buffer.AsSpan(_filled, (int)Math.Min(_buffer.Length - _filled, end - at)), at);
        _filled += read;
        return read > 0;
    }
}
