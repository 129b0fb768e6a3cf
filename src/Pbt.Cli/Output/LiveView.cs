using Pbt.Core.Population;
using Spectre.Console;

namespace Pbt.Cli.Output;

/// <summary>Shows a study in place on a terminal.</summary>
/// <remarks>Each picture is drawn over the one before; the last one stays. NO_COLOR and the terminal's abilities are honoured.</remarks>
internal sealed class LiveView(IAnsiConsole console, TimeProvider time) : IStudyView
{
    private const int KeptNews = 5;

    private readonly List<News> _news = [];
    private int _drawn;

    /// <summary>A view on this terminal, or null if it cannot move its cursor.</summary>
    public static LiveView? TryOn(TextWriter terminal, TimeProvider time)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal), Interactive = InteractionSupport.Yes });
        return console.Profile.Capabilities.Ansi ? new LiveView(console, time) : null;
    }

    /// <inheritdoc/>
    public void Show(StudyState state, IReadOnlyList<News> news)
    {
        _news.AddRange(news.TakeLast(KeptNews));
        if (_news.Count > KeptNews)
            _news.RemoveRange(0, _news.Count - KeptNews);

        Draw(state);
    }

    /// <inheritdoc/>
    public void End(StudyState state) => Draw(state);

    private void Draw(StudyState state)
    {
        // A line as wide as the terminal would leave the cursor where terminals disagree on the next line.
        var frame = new LiveFrame(state, _news, time, Math.Max(1, console.Profile.Width - 1), Math.Max(2, console.Profile.Height)).Lines();
        if (_drawn > 0)
            console.Write(new ControlCode($"\u001b[{_drawn}A\r\u001b[J"));

        console.Write(new Markup(string.Join('\n', frame) + "\n"));
        _drawn = frame.Count;
    }
}
