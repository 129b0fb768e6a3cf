using Pbt.Core.Explore.Bandits;
using Pbt.Core.Randomness;

namespace Pbt.Core.Tests.Explore.Bandits;

/// <summary>A population with one hyperparameter whose best value goes round, and gains that are seen with noise.</summary>
internal sealed class Drift(int seed, double noise)
{
    private const int Population = 4;

    /// <summary>The intervals of one round.</summary>
    public const int Period = 80;

    private readonly RandomStream _random = AnyPoints.Stream(seed);
    private readonly List<(int Interval, double Position, double Gain)> _seen = [];

    /// <summary>The best position after this many intervals.</summary>
    public static double Best(int interval) => 0.5 + (0.4 * Math.Cos(2 * Math.PI * interval / Period));

    /// <summary>The mean distance from the best position over the second half of some intervals.</summary>
    /// <param name="intervals">How many.</param>
    /// <param name="propose">What to try next, given the problem.</param>
    public double Follow(int intervals, Func<BanditProblem, RandomStream, double> propose)
    {
        var distances = new List<double>();
        for (var interval = 0; interval < intervals; interval++)
        {
            var batch = new List<double>();
            for (var member = 0; member < Population; member++)
                batch.Add(_seen.Count < 2 ? _random.NextDouble() : propose(Problem(interval, batch), _random));

            foreach (var position in batch)
            {
                var distance = position - Best(interval);
                _seen.Add((interval, position, 1 - (4 * distance * distance) + (noise * _random.NextGaussian())));
                if (interval >= intervals / 2)
                    distances.Add(Math.Abs(distance));
            }
        }

        return distances.Average();
    }

    private BanditProblem Problem(int interval, List<double> batch)
    {
        var seen = new BanditPoints(_seen.Count, 2, 0);
        for (var i = 0; i < _seen.Count; i++)
            (seen.Times[i], seen.Coordinates(i)[0], seen.Coordinates(i)[1]) = (_seen[i].Interval, _seen[i].Interval, _seen[i].Position);

        var pending = new BanditPoints(batch.Count, 2, 0);
        for (var i = 0; i < batch.Count; i++)
            (pending.Times[i], pending.Coordinates(i)[0], pending.Coordinates(i)[1]) = (interval, interval, batch[i]);

        return new(seen, [.. _seen.Select(static s => s.Gain)], pending, interval, interval, []);
    }
}
