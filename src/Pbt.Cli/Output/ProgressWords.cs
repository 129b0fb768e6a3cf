using System.Globalization;
using Pbt.Core.Population;

namespace Pbt.Cli.Output;

/// <summary>How far a study is, in a line of text.</summary>
internal static class ProgressWords
{
    /// <summary>The state and all that tells how far it is: <c>running: 12 of 40 intervals (30%), 2 running, best 1.1 by m3</c>.</summary>
    public static string Of(StudyState state, DateTimeOffset now)
    {
        var progress = StudyProgress.Of(state, now);
        var text = $"{Words.Lower(state.Phase)}: {Intervals(progress)}";
        if (progress.Fraction is { } fraction)
            text += string.Create(CultureInfo.InvariantCulture, $" ({fraction * 100:0}%)");

        if (state.Attempts.Count > 0)
            text += $", {state.Attempts.Count} running";

        if (state.Best is { } best)
            text += $", best {Words.Score(best.Record.Score)} by {best.Member}";

        if (progress.Left is { } left)
            text += $", about {Words.Duration(left)} left";

        return text;
    }

    /// <summary>The intervals that have ended: <c>12 of 40 intervals</c>.</summary>
    public static string Intervals(StudyState state, DateTimeOffset now) => Intervals(StudyProgress.Of(state, now));

    private static string Intervals(StudyProgress progress) =>
        string.Create(CultureInfo.InvariantCulture, $"{progress.Ended}{(progress.Budget is { } budget ? $" of {budget}" : string.Empty)} intervals");
}
