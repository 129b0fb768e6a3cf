using Pbt.Core.Studies;

namespace Pbt.Core.Population;

/// <summary>Smooths a score along the lineage of the weights that it measures.</summary>
/// <remarks>
/// Along the lineage and not along the member's intervals: after an exploit the scores that a member had before are those of
/// other weights.
/// </remarks>
public static class ScoreSmoothing
{
    /// <summary>The smoothed score, or null if the study does not smooth.</summary>
    /// <param name="state">The study, before the interval is in it.</param>
    /// <param name="score">The score of the interval.</param>
    /// <param name="start">The checkpoint that the interval started from, or null.</param>
    public static double? Of(StudyState state, double score, CheckpointId? start)
    {
        switch (state.Spec.Objective.Smoothing)
        {
            case MeanSmoothing mean:
                return Finite(Mean(state, score, start, mean.Window), score);
            case ExponentialSmoothing exponential:
                var before = start is { } id ? state.Find(id)?.ComparedScore : null;
                return before is { } value ? Finite((exponential.Alpha * score) + ((1 - exponential.Alpha) * value), score) : score;
            default:
                return null;
        }
    }

    private static double Mean(StudyState state, double score, CheckpointId? start, int window)
    {
        var sum = score;
        var count = 1;
        for (var next = start; count < window && next is { } id && state.Find(id) is { Score: { } earlier } record; next = record.Start)
        {
            sum += earlier;
            count++;
        }

        return sum / count;
    }

    // Scores near the largest double may add up to infinity, which nothing could be compared with.
    private static double Finite(double smoothed, double score) => double.IsFinite(smoothed) ? smoothed : score;
}
