namespace Pbt.Core.Explore.Bandits;

/// <summary>What is known when a member asks for new hyperparameters.</summary>
/// <remarks>
/// Coordinate 0 of every point is a score, turned so that higher is better, the others are hyperparameters in [0, 1]. Scores
/// and gains are in one unit of any size.
/// </remarks>
/// <param name="Seen">The points whose gain is known, oldest first.</param>
/// <param name="Gains">Their gains by interval of training.</param>
/// <param name="Pending">The points that train now.</param>
/// <param name="Time">When the new point begins, in intervals.</param>
/// <param name="Score">The score that it begins with.</param>
/// <param name="Categories">The categories that are chosen for it.</param>
internal sealed record BanditProblem(BanditPoints Seen, double[] Gains, BanditPoints Pending, double Time, double Score, int[] Categories)
{
    /// <summary>The number of hyperparameters to choose.</summary>
    public int Dimensions => Seen.CoordinateCount - 1;
}
