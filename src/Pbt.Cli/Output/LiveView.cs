using Pbt.Core.Population;
using Spectre.Console;

namespace Pbt.Cli.Output;

/// <summary>Shows a study in place on a terminal.</summary>
internal sealed class LiveView(TerminalPicture picture, TimeProvider time) : IStudyView
{
    private const int KeptNews = 5;

    private List<News> _news = [];

    /// <summary>A view on a console.</summary>
    public LiveView(IAnsiConsole console, TimeProvider time)
        : this(new TerminalPicture(console), time)
    {
    }

    /// <summary>A view on this terminal, or null if it cannot move its cursor.</summary>
    public static LiveView? TryOn(TextWriter terminal, TimeProvider time) => TerminalPicture.TryOn(terminal) is { } picture ? new LiveView(picture, time) : null;

    /// <inheritdoc/>
    public void Show(StudyState state, IReadOnlyList<News> news)
    {
        _news = RecentNews.Of([.. _news, .. news], KeptNews);
        Draw(state);
    }

    /// <inheritdoc/>
    public void End(StudyState state) => Draw(state);

    private void Draw(StudyState state) => picture.Draw(new LiveFrame(state, _news, time, picture.Width, picture.Height).Lines());
}
