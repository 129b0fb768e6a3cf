using Pbt.Core.Randomness;

namespace Pbt.Core.Explore.Bandits;

/// <summary>Chooses how far back a problem is looked at, and fits the kernel to that.</summary>
/// <remarks>
/// Up to 200 points all of them are taken. Above, windows of 200, 400, 800 … points and of all are fitted in turn, each from
/// where the one before ended, and the one is taken that gives the last 200 gains the greatest marginal likelihood given its
/// older ones (in the unit of the gains). All windows are thus judged on the same gains; the published code compares the
/// likelihoods of different ones, of which the fewest come out best.
/// </remarks>
internal static class HistoryWindow
{
    /// <summary>The number of points that is taken without a choice, and the least.</summary>
    public const int Least = 200;

    private const int FirstEvaluations = 40;
    private const int MoreEvaluations = 8;
    private const double WorthATry = 1.25;

    /// <summary>The window and its kernel's parameters.</summary>
    public static (BanditWindow Window, KernelParameters Parameters) Choose(BanditProblem problem)
    {
        var isMixed = problem.Seen.CategoryCount > 0;
        (BanditWindow Window, KernelParameters Parameters)? best = null;
        var bestDensity = double.NegativeInfinity;
        var starts = KernelFit.Starts;
        foreach (var length in Lengths(problem.Seen.Count))
        {
            var window = new BanditWindow(problem, length);
            var likelihood = new MarginalLikelihood(window.Seen, window.Values);
            var parameters = KernelFit.Fit(likelihood, isMixed, starts, length <= Least ? FirstEvaluations : MoreEvaluations);
            if (length == problem.Seen.Count && best is null)
                return (window, parameters);

            var density = likelihood.EvaluateLast(parameters, Least) - (Least * PortableMath.Log(window.Deviation));
            if (best is null || density > bestDensity)
                (best, bestDensity) = ((window, parameters), density);

            starts = [parameters];
        }

        return best!.Value;
    }

    /// <summary>The lengths of window that are tried.</summary>
    public static IReadOnlyList<int> Lengths(int count)
    {
        var lengths = new List<int>();
        for (var length = Least; length * WorthATry < count; length *= 2)
            lengths.Add(length);

        lengths.Add(count);
        return lengths;
    }
}
