namespace Pbt.Core.Explore.Bandits;

/// <summary>The last points of a problem, scaled: scores to [0, 1], gains to mean 0 and deviation 1, then clipped to ±2.</summary>
internal sealed class BanditWindow
{
    private const double Clip = 2;

    /// <summary>Scales the last points that were seen.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="count">How many points; at least 1.</param>
    public BanditWindow(BanditProblem problem, int count)
    {
        Problem = problem;
        Count = count;
        var from = problem.Seen.Count - count;
        var (least, range) = Range(problem, from);
        Seen = new BanditPoints(count, problem.Seen.CoordinateCount, problem.Seen.CategoryCount);
        WithPending = new BanditPoints(count + problem.Pending.Count, problem.Seen.CoordinateCount, problem.Seen.CategoryCount);
        for (var i = 0; i < count; i++)
        {
            Seen.Set(i, problem.Seen, from + i);
            Seen.Coordinates(i)[0] = Scale(Seen.Coordinates(i)[0], least, range);
            WithPending.Set(i, Seen, i);
        }

        for (var i = 0; i < problem.Pending.Count; i++)
        {
            WithPending.Set(count + i, problem.Pending, i);
            WithPending.Coordinates(count + i)[0] = Scale(problem.Pending.Coordinates(i)[0], least, range);
        }

        Score = Scale(problem.Score, least, range);
        (Values, Deviation) = Standardise(problem.Gains.AsSpan(from));
    }

    /// <summary>What it is a part of.</summary>
    public BanditProblem Problem { get; }

    /// <summary>The number of points that were seen.</summary>
    public int Count { get; }

    /// <summary>The points that were seen.</summary>
    public BanditPoints Seen { get; }

    /// <summary>The same, then the pending ones.</summary>
    public BanditPoints WithPending { get; }

    /// <summary>The scaled score that the new point begins with.</summary>
    public double Score { get; }

    /// <summary>The scaled gains.</summary>
    public double[] Values { get; }

    /// <summary>What the gains were divided by; 0 if they are all the same.</summary>
    public double Deviation { get; }

    private static (double Least, double Range) Range(BanditProblem problem, int from)
    {
        var least = problem.Score;
        var most = problem.Score;
        for (var i = from; i < problem.Seen.Count; i++)
            (least, most) = (Math.Min(least, problem.Seen.Coordinates(i)[0]), Math.Max(most, problem.Seen.Coordinates(i)[0]));

        for (var i = 0; i < problem.Pending.Count; i++)
            (least, most) = (Math.Min(least, problem.Pending.Coordinates(i)[0]), Math.Max(most, problem.Pending.Coordinates(i)[0]));

        return (least, most - least);
    }

    private static double Scale(double score, double least, double range) => range > 0 ? Math.Clamp((score - least) / range, 0, 1) : 0;

    private static (double[] Values, double Deviation) Standardise(ReadOnlySpan<double> gains)
    {
        var values = gains.ToArray();
        var mean = Mean(values);
        var squares = 0.0;
        foreach (var gain in values)
            squares += (gain - mean) * (gain - mean);

        var deviation = Math.Sqrt(squares / values.Length);
        for (var i = 0; i < values.Length; i++)
            values[i] = deviation > 0 ? Math.Clamp((values[i] - mean) / deviation, -Clip, Clip) : 0;

        return (values, deviation);
    }

    private static double Mean(double[] values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;

        return sum / values.Length;
    }
}
