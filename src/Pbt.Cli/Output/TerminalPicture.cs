using Spectre.Console;

namespace Pbt.Cli.Output;

/// <summary>A picture on a terminal that is drawn over the one before; the last one stays.</summary>
/// <remarks>NO_COLOR and the terminal's abilities are honoured.</remarks>
internal sealed class TerminalPicture(IAnsiConsole console)
{
    private int _drawn;

    /// <summary>The columns of a line: one fewer than the terminal's, as terminals disagree on where the cursor is after a full one.</summary>
    public int Width => Math.Max(1, console.Profile.Width - 1);

    /// <summary>The lines of the terminal; a picture has fewer.</summary>
    public int Height => Math.Max(2, console.Profile.Height);

    /// <summary>A picture on this terminal, or null if it cannot move its cursor.</summary>
    public static TerminalPicture? TryOn(TextWriter terminal)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal), Interactive = InteractionSupport.Yes });
        return console.Profile.Capabilities.Ansi ? new(console) : null;
    }

    /// <summary>Draws lines in Spectre's markup.</summary>
    public void Draw(IReadOnlyList<string> lines)
    {
        if (_drawn > 0)
            console.Write(new ControlCode($"\u001b[{_drawn}A\r\u001b[J"));

        console.Write(new Markup(string.Join('\n', lines) + "\n"));
        _drawn = lines.Count;
    }
}
