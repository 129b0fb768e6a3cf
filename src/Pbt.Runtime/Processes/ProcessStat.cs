using System.Buffers.Text;

namespace Pbt.Runtime.Processes;

/// <summary>What <c>/proc/PID/stat</c> says about one process.</summary>
/// <param name="Pid">The process.</param>
/// <param name="State">The state's letter; Z and X are processes that have ended.</param>
/// <param name="Parent">The parent's pid.</param>
/// <param name="Group">The process group.</param>
/// <param name="Session">The session.</param>
/// <param name="StartTicks">When it started, in clock ticks since the machine's boot.</param>
internal readonly record struct ProcessStat(int Pid, char State, int Parent, int Group, int Session, long StartTicks)
{
    /// <summary>True when the process has ended and only waits to be reaped.</summary>
    internal bool HasEnded => State is 'Z' or 'X' or 'x';

    /// <summary>Reads one process; null when it does not exist or cannot be read.</summary>
    internal static ProcessStat? Read(int pid) =>
        ProcFiles.TryRead(pid, "stat", static content => Parse(content), out var stat) ? stat : null;

    /// <summary>Parses the file's content; null when it is not of that form.</summary>
    /// <remarks>
    /// The second field is the program's name in parentheses, and may itself hold spaces, parentheses and line
    /// breaks: so fields are counted from the last closing parenthesis, which none of the later fields can hold.
    /// </remarks>
    internal static ProcessStat? Parse(ReadOnlySpan<byte> content)
    {
        var end = content.LastIndexOf((byte)')');
        if (end < 0 || !Utf8Parser.TryParse(content, out int pid, out _))
            return null;
        var rest = content[(end + 1)..];
        var state = '\0';
        Span<long> numbers = stackalloc long[23];
        var field = 2;
        foreach (var range in rest.Split((byte)' '))
        {
            var text = rest[range];
            if (text.IsEmpty)
                continue;
            if (++field == 3)
                state = (char)text[0];
            else if (field > 22)
                break;
            else if (!Utf8Parser.TryParse(text, out numbers[field], out _))
                return null;
        }

        return field < 22
            ? null
            : new ProcessStat(pid, state, (int)numbers[4], (int)numbers[5], (int)numbers[6], numbers[22]);
    }
}
