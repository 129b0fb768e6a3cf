using Pbt.Core.Population;

namespace Pbt.Cli.Output;

/// <summary>Shows a study as lines of text, for logs and pipes.</summary>
/// <remarks>
/// A line for each thing of note and a line on progress whenever a generation ends, but no more often than every five
/// seconds; no more than twenty lines at once.
/// </remarks>
internal sealed class PlainView(TextWriter output, TimeProvider time) : IStudyView
{
    private const int MostLines = 20;

    private static readonly TimeSpan LeastPeriod = TimeSpan.FromSeconds(5);

    private bool _begun;
    private long _lastProgress;
    private (long Ended, StudyPhase Phase) _shown;

    /// <inheritdoc/>
    public void Show(StudyState state, IReadOnlyList<News> news)
    {
        if (!_begun)
        {
            _begun = true;
            Progress(state);
            return;
        }

        foreach (var item in news.Take(MostLines))
            Line(item.Time, item.Text);

        if (news.Count > MostLines)
            Line(news[^1].Time, $"… and {news.Count - MostLines} more");

        if (Key(state) != _shown && time.GetElapsedTime(_lastProgress) >= LeastPeriod)
            Progress(state);

        output.Flush();
    }

    /// <inheritdoc/>
    public void End(StudyState state)
    {
        if (Key(state) != _shown)
            Progress(state);

        output.Flush();
    }

    private static (long Ended, StudyPhase Phase) Key(StudyState state) => (state.CompletedIntervals + state.FailedIntervals, state.Phase);

    private void Progress(StudyState state)
    {
        _lastProgress = time.GetTimestamp();
        _shown = Key(state);
        var now = time.GetUtcNow();
        Line(now, $"{state.Spec.Name} {ProgressWords.Of(state, now)}");
    }

    private void Line(DateTimeOffset at, string text) => output.WriteLine($"{ClockTime.TimeOfDay(at, time)} {text}");
}
