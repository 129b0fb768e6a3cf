using System.Diagnostics;
using System.Globalization;
using Pbt.Core.Explore.Bandits;
using Pbt.Core.Randomness;

namespace Pbt.Benchmarks.Bandits;

/// <summary>How long PB2 takes to propose hyperparameters, by the number of intervals seen.</summary>
public static class ProposalCost
{
    private const int Hyperparameters = 4;
    private const int Population = 20;
    private const int Repeats = 7;
    private static readonly int[] Sizes = [50, 200, 500, 1000];

    /// <summary>Prints medians; writes the same data as text for another program if a file is named.</summary>
    public static void Run(string[] args)
    {
        using var file = args.Length > 0 ? new StreamWriter(args[0]) : null;
        foreach (var size in Sizes)
        {
            var problem = Problem(size);
            var window = new BanditWindow(problem, size);
            var likelihood = new MarginalLikelihood(window.Seen, window.Values);
            var gradient = new double[KernelParameters.PlainCount];
            var evaluation = Median(() => likelihood.Evaluate(KernelFit.Starts[0], gradient));
            var fit = Median(() => KernelFit.Fit(new MarginalLikelihood(window.Seen, window.Values), isMixed: false, KernelFit.Starts.AsSpan(0, 1), evaluations: 40));
            var window2 = Median(() => HistoryWindow.Choose(problem));
            var proposal = Median(() => UpperConfidenceBound.Propose(problem, new RandomStream(1, 0, 0, RandomPurpose.Explore)));
            Report.Line($"pbt, {size} rows: likelihood with gradient {evaluation:F1} ms, fit of the kernel from one start {fit:F0} ms, window {window2:F0} ms, whole proposal {proposal:F0} ms");
            Write(file, window);
        }
    }

    private static double Median<T>(Func<T> run)
    {
        var times = new List<double>();
        for (var i = 0; i < Repeats; i++)
        {
            var began = Stopwatch.GetTimestamp();
            run();
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return Report.Median(times);
    }

    /// <summary>Members whose gain is best at a place that drifts, seen with noise.</summary>
    private static BanditProblem Problem(int size)
    {
        var random = new RandomStream(7, 0, 0, RandomPurpose.BuiltinTrainer);
        var seen = new BanditPoints(size, Hyperparameters + 1, 0);
        var gains = new double[size];
        var pending = new BanditPoints(Population - 1, Hyperparameters + 1, 0);
        for (var i = 0; i < size; i++)
            gains[i] = Fill(seen, i, i / Population, random);

        for (var i = 0; i < pending.Count; i++)
            Fill(pending, i, size / Population, random);

        return new BanditProblem(seen, gains, pending, (double)size / Population, 0.1 * size / Population, []);
    }

    private static double Fill(BanditPoints points, int index, int interval, RandomStream random)
    {
        points.Times[index] = interval;
        var coordinates = points.Coordinates(index);
        coordinates[0] = (0.1 * interval) + (0.2 * random.NextDouble());
        var loss = 0.0;
        for (var j = 1; j <= Hyperparameters; j++)
        {
            coordinates[j] = random.NextDouble();
            var best = 0.5 + (0.3 * PortableMath.CosOfTurns((interval / 50.0) + (0.2 * j) - Math.Floor((interval / 50.0) + (0.2 * j))));
            loss += (coordinates[j] - best) * (coordinates[j] - best);
        }

        return 1 - loss + (0.2 * random.NextGaussian());
    }

    private static void Write(StreamWriter? file, BanditWindow window)
    {
        file?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"# {window.Count} rows: value, time, score, hyperparameters"));
        for (var i = 0; i < window.Count && file is not null; i++)
        {
            double[] row = [window.Values[i], window.Seen.Times[i], .. window.Seen.Coordinates(i)];
            file.WriteLine(string.Join(' ', row.Select(static x => x.ToString("R", CultureInfo.InvariantCulture))));
        }
    }
}
