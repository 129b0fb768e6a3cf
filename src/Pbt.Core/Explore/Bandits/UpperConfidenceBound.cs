using Pbt.Core.Randomness;

namespace Pbt.Core.Explore.Bandits;

/// <summary>Finds the hyperparameters whose gain may be greatest: GP-UCB.</summary>
/// <remarks>
/// Maximises μ + √β·s with β = 0.2 + max(0, ln 0.4n), n the number of points seen, μ the posterior mean and s the posterior
/// <i>standard deviation</i> given also the pending points (the published codes take the variance), by 10 local searches from
/// uniform starts; d draws each, in the order of the starts. Source: Parker-Holder et al. 2020, after Srinivas et al. 2010
/// and, for the pending points, Desautels et al. 2014.
/// </remarks>
internal static class UpperConfidenceBound
{
    private const int Starts = 10;
    private const int Evaluations = 40;
    private const double Tolerance = 1e-5;
    private const double LeastDeviation = 1e-9;

    /// <summary>The position in [0, 1]ᵈ of the hyperparameters to try next.</summary>
    /// <param name="problem">What is known; at least one gain.</param>
    /// <param name="random">d draws for each start.</param>
    public static double[] Propose(BanditProblem problem, RandomStream random)
    {
        var (window, parameters) = HistoryWindow.Choose(problem);
        return Maximise(window, new GaussianProcess(window.WithPending, window.Values, parameters), random);
    }

    /// <summary>√β for this number of points.</summary>
    public static double Caution(int count) => Math.Sqrt(0.2 + Math.Max(0, PortableMath.Log(0.4 * count)));

    private static double[] Maximise(BanditWindow window, GaussianProcess process, RandomStream random)
    {
        var dimensions = window.Problem.Dimensions;
        var caution = Caution(window.Count);
        var point = new double[dimensions + 1];
        var meanGradient = new double[dimensions + 1];
        var varianceGradient = new double[dimensions + 1];
        var lower = new double[dimensions];
        var upper = new double[dimensions];
        Array.Fill(upper, 1);
        BoxMinimum? best = null;
        var start = new double[dimensions];
        for (var i = 0; i < Starts; i++)
        {
            for (var j = 0; j < dimensions; j++)
                start[j] = random.NextDouble();

            var found = BoxMinimizer.Minimize(Objective, start, lower, upper, Evaluations, Tolerance);
            if (best is null || found.Value < best.Value)
                best = found;
        }

        return best!.X;

        double Objective(ReadOnlySpan<double> x, Span<double> gradient)
        {
            point[0] = window.Score;
            x.CopyTo(point.AsSpan(1));
            var (mean, variance) = process.Predict(window.Problem.Time, point, window.Problem.Categories, meanGradient, varianceGradient);
            var deviation = Math.Sqrt(variance);
            for (var j = 0; j < x.Length; j++)
                gradient[j] = -(meanGradient[j + 1] + (caution * varianceGradient[j + 1] / (2 * Math.Max(deviation, LeastDeviation))));

            return -(mean + (caution * deviation));
        }
    }
}
