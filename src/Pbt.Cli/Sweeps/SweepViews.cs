using System.Runtime.CompilerServices;
using Pbt.Cli.Output;

namespace Pbt.Cli.Sweeps;

/// <summary>Chooses how a sweep is shown.</summary>
internal static class SweepViews
{
    /// <summary>In place on a terminal, plain lines on the error output elsewhere: standard output is the report's.</summary>
    public static ISweepView For(CliServices services, bool json) =>
        services.IsInteractive && !json && Live(services) is { } live ? live : new PlainSweepView(services.Error, services.Time);

    // A method of its own, so that nothing loads Spectre.Console where nothing needs it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static LiveSweepView? Live(CliServices services) => TerminalPicture.TryOn(services.Out) is { } picture ? new(picture, services.Time) : null;
}

/// <summary>Shows a sweep as lines of text: each beginning and end at once, and every ten seconds how far each run is.</summary>
internal sealed class PlainSweepView(TextWriter output, TimeProvider time) : ISweepView
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private long? _lastProgress;

    /// <inheritdoc/>
    public void Show(SweepProgress progress, string? news)
    {
        _lastProgress ??= time.GetTimestamp();
        if (news is not null)
            Line($"{Words.Harmless(news)}; {progress.Counts}");

        if (time.GetElapsedTime(_lastProgress.Value) < Period)
            return;

        _lastProgress = time.GetTimestamp();
        foreach (var (run, text) in progress.Going)
            Line($"{run} {text}");
    }

    private void Line(string text)
    {
        output.WriteLine($"{ClockTime.TimeOfDay(time.GetUtcNow(), time)} {text}");
        output.Flush();
    }
}

/// <summary>Shows a sweep in place on a terminal, at most five times a second.</summary>
internal sealed class LiveSweepView(TerminalPicture picture, TimeProvider time) : ISweepView
{
    private const int KeptNews = 5;

    private static readonly TimeSpan LeastPeriod = TimeSpan.FromMilliseconds(200);

    private readonly List<(DateTimeOffset Time, string Text)> _news = [];
    private long? _last;

    /// <inheritdoc/>
    public void Show(SweepProgress progress, string? news)
    {
        if (news is not null)
            _news.Add((time.GetUtcNow(), news));

        if (_news.Count > KeptNews)
            _news.RemoveAt(0);

        if (news is null && _last is { } last && time.GetElapsedTime(last) < LeastPeriod)
            return;

        _last = time.GetTimestamp();
        picture.Draw(SweepFrame.Lines(progress, _news, time, picture.Width, picture.Height));
    }
}

/// <summary>One picture of a sweep that fits a terminal.</summary>
/// <remarks>Pure.</remarks>
internal static class SweepFrame
{
    /// <summary>The lines in Spectre's markup: none wider than the width, fewer than the height.</summary>
    public static IReadOnlyList<string> Lines(SweepProgress progress, IReadOnlyList<(DateTimeOffset Time, string Text)> news, TimeProvider time, int width, int height)
    {
        var lines = new List<string>
        {
            new StyledLine(width).Add(progress.Name, "bold").Space(2).Add(progress.Counts, progress.Failed > 0 ? "red" : "green").ToString(),
            string.Empty,
        };
        var room = Math.Max(1, height - lines.Count - news.Count - 3);
        foreach (var (run, text) in progress.Going.Take(room))
            lines.Add(new StyledLine(width).Add(run, "bold").Space(2).Add(text).ToString());

        if (progress.Going.Count > room)
            lines.Add(new StyledLine(width).Add($"… {progress.Going.Count - room} more", "grey").ToString());

        lines.Add(string.Empty);
        foreach (var (at, text) in news)
            lines.Add(new StyledLine(width).Add(ClockTime.TimeOfDay(at, time), "grey").Space(1).Add(text).ToString());

        return lines.Count < height ? lines : lines.GetRange(0, Math.Max(1, height - 1));
    }
}
