namespace Pbt.Core.Explore.Bandits;

/// <summary>A function to minimise: returns its value at x and fills the gradient.</summary>
internal delegate double BoxObjective(ReadOnlySpan<double> x, Span<double> gradient);

/// <summary>Where a minimisation ended.</summary>
/// <param name="X">The best point.</param>
/// <param name="Value">The value there.</param>
/// <param name="Evaluations">How often the function was evaluated.</param>
internal sealed record BoxMinimum(double[] X, double Value, int Evaluations);

/// <summary>Limited-memory BFGS between bounds, by projection.</summary>
/// <remarks>
/// A coordinate at a bound that the gradient pushes against is held; the others move along the two-loop direction, the step is
/// projected onto the box and halved until the decrease suffices (Armijo, 10⁻⁴). Sources: Nocedal and Wright 2006, algorithms
/// 7.4 and 16.7; Bertsekas 1982. Plain arithmetic in a fixed order, so bit-identical on every machine. A value that is NaN or
/// infinite ends no minimisation: the step is halved. Stateless and thread-safe.
/// </remarks>
internal static class BoxMinimizer
{
    private const int Memory = 8;
    private const int Halvings = 12;
    private const double Sufficient = 1e-4;
    private const double FirstStep = 0.25;
    private const double LeastCurvature = 1e-12;

    /// <summary>Minimises from a start.</summary>
    /// <param name="objective">The function.</param>
    /// <param name="start">Where to begin; put between the bounds.</param>
    /// <param name="lower">The least coordinates.</param>
    /// <param name="upper">The greatest coordinates.</param>
    /// <param name="evaluations">The most evaluations.</param>
    /// <param name="tolerance">Ends when a step lowers the value by less than this fraction, or no coordinate would move this far.</param>
    public static BoxMinimum Minimize(
        BoxObjective objective, ReadOnlySpan<double> start, double[] lower, double[] upper, int evaluations, double tolerance)
    {
        var x = start.ToArray();
        Project(x, lower, upper);
        var gradient = new double[x.Length];
        var value = objective(x, gradient);
        var count = 1;
        var pairs = new List<(double[] Step, double[] Change)>(Memory);
        var next = new double[x.Length];
        var nextGradient = new double[x.Length];
        while (count < evaluations && double.IsFinite(value) && !IsStationary(x, gradient, lower, upper, tolerance))
        {
            var free = Free(x, gradient, lower, upper);
            var direction = Direction(gradient, free, pairs);
            var step = pairs.Count == 0 ? FirstStepOf(direction) : 1.0;
            var isLower = false;
            var nextValue = double.NaN;
            for (var halving = 0; halving < Halvings && count < evaluations && !isLower; halving++, step *= 0.5)
            {
                for (var i = 0; i < x.Length; i++)
                    next[i] = x[i] + (step * direction[i]);

                Project(next, lower, upper);
                nextValue = objective(next, nextGradient);
                count++;
                isLower = double.IsFinite(nextValue) && nextValue <= value + (Sufficient * Slope(gradient, x, next));
            }

            if (!isLower)
            {
                if (pairs.Count == 0)
                    break;

                pairs.Clear();
                continue;
            }

            Remember(pairs, x, next, gradient, nextGradient);
            var decrease = value - nextValue;
            (x, next, gradient, nextGradient, value) = (next, x, nextGradient, gradient, nextValue);
            if (decrease <= tolerance * Math.Max(1, Math.Abs(value)))
                break;
        }

        return new(x, value, count);
    }

    private static void Project(double[] x, double[] lower, double[] upper)
    {
        for (var i = 0; i < x.Length; i++)
            x[i] = double.IsNaN(x[i]) ? lower[i] : Math.Clamp(x[i], lower[i], upper[i]);
    }

    private static bool[] Free(double[] x, double[] gradient, double[] lower, double[] upper)
    {
        var free = new bool[x.Length];
        for (var i = 0; i < x.Length; i++)
            free[i] = !((x[i] <= lower[i] && gradient[i] > 0) || (x[i] >= upper[i] && gradient[i] < 0));

        return free;
    }

    private static bool IsStationary(double[] x, double[] gradient, double[] lower, double[] upper, double tolerance)
    {
        for (var i = 0; i < x.Length; i++)
        {
            if (!(Math.Abs(Math.Clamp(x[i] - gradient[i], lower[i], upper[i]) - x[i]) <= tolerance))
                return false;
        }

        return true;
    }

    private static double FirstStepOf(double[] direction)
    {
        var largest = 0.0;
        foreach (var part in direction)
            largest = Math.Max(largest, Math.Abs(part));

        return largest > FirstStep ? FirstStep / largest : 1;
    }

    private static double Slope(double[] gradient, double[] x, double[] next)
    {
        var sum = 0.0;
        for (var i = 0; i < x.Length; i++)
            sum += gradient[i] * (next[i] - x[i]);

        return sum;
    }

    /// <summary>The two-loop recursion on the free coordinates; the steepest descent if that does not descend.</summary>
    private static double[] Direction(double[] gradient, bool[] free, List<(double[] Step, double[] Change)> pairs)
    {
        var direction = new double[gradient.Length];
        for (var i = 0; i < gradient.Length; i++)
            direction[i] = free[i] ? -gradient[i] : 0;

        var shares = new double[pairs.Count];
        var scale = 0.0;
        for (var p = pairs.Count - 1; p >= 0; p--)
        {
            var curvature = Product(pairs[p].Step, pairs[p].Change, free);
            if (!(curvature > LeastCurvature))
                continue;

            if (scale == 0)
                scale = curvature / Product(pairs[p].Change, pairs[p].Change, free);

            shares[p] = Product(pairs[p].Step, direction, free) / curvature;
            Add(direction, -shares[p], pairs[p].Change, free);
        }

        if (scale > 0)
        {
            for (var i = 0; i < direction.Length; i++)
                direction[i] *= scale;
        }

        for (var p = 0; p < pairs.Count; p++)
        {
            var curvature = Product(pairs[p].Step, pairs[p].Change, free);
            if (curvature > LeastCurvature)
                Add(direction, shares[p] - (Product(pairs[p].Change, direction, free) / curvature), pairs[p].Step, free);
        }

        if (Product(direction, gradient, free) < 0)
            return direction;

        pairs.Clear();
        for (var i = 0; i < gradient.Length; i++)
            direction[i] = free[i] ? -gradient[i] : 0;

        return direction;
    }

    private static void Remember(List<(double[] Step, double[] Change)> pairs, double[] x, double[] next, double[] gradient, double[] nextGradient)
    {
        var step = new double[x.Length];
        var change = new double[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            step[i] = next[i] - x[i];
            change[i] = nextGradient[i] - gradient[i];
        }

        if (pairs.Count == Memory)
            pairs.RemoveAt(0);

        pairs.Add((step, change));
    }

    private static double Product(double[] a, double[] b, bool[] free)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += free[i] ? a[i] * b[i] : 0;

        return sum;
    }

    private static void Add(double[] target, double factor, double[] source, bool[] free)
    {
        for (var i = 0; i < target.Length; i++)
            target[i] += free[i] ? factor * source[i] : 0;
    }
}
