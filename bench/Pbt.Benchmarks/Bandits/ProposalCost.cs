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
    private const int Repeats = 9;

    // The first runs are of code that is not yet optimised.
    private const int WarmUps = 4;
    private static readonly int[] Sizes = [50, 200, 500, 1000];

    /// <summary>Prints medians of processor time, one thread; writes the same data as text for another program if a file is named.</summary>
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
            var choice = Median(() => HistoryWindow.Choose(problem));
            var proposal = Median(() => UpperConfidenceBound.Propose(problem, new RandomStream(1, 0, 0, RandomPurpose.Explore)));
            var found = KernelFit.Fit(likelihood, isMixed: false, KernelFit.Starts.AsSpan(0, 1), evaluations: 40);
            Report.Line($"pbt, {size} rows: likelihood with gradient {evaluation.Processor:F1} ms, fit of the kernel from one start {fit.Processor:F0} ms  [log likelihood {likelihood.Evaluate(found):F3}: variance {found.Variance:G3}, length {found.LengthScale:G3}, forgetting {found.Forgetting:G3}, noise {found.Noise:G3}]");
            Report.Line($"pbt, {size} rows: fits and choice of the window {choice.Processor:F0} ms, whole proposal {proposal.Processor:F0} ms (by the wall clock {proposal.Wall:F0} ms)");
            Write(file, window);
        }
    }

    private static (double Processor, double Wall) Median<T>(Func<T> run)
    {
        using var process = Process.GetCurrentProcess();
        var processor = new List<double>();
        var wall = new List<double>();
        for (var i = 0; i < WarmUps + Repeats; i++)
        {
            process.Refresh();
            var (used, began) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
            run();
            process.Refresh();
            if (i < WarmUps)
                continue;

            processor.Add((process.TotalProcessorTime - used).TotalMilliseconds);
            wall.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return (Report.Median(processor), Report.Median(wall));
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
